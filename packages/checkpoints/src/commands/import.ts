/**
 * `checkpoints import`: foreign files into this project's.
 *
 *     nx run checkpoints:import --generator ffhq.pkl --clip ViT-B-32.pt --identity model_ir_se50.pth --to models/ffhq
 *     nx run checkpoints:import --mapper purple.pt --to models/purple
 *     nx run checkpoints:import --latents latents.pt --to datasets/faces.safetensors
 *     nx run checkpoints:import --directions fs3.npy --statistics S_mean_std --to datasets/ffhq.arrow
 *
 * What no tensor of a file shows is asked for, never guessed:
 *
 *     --activation quick_gelu|gelu   a CLIP's, where no configuration lies beside it
 *     --conv-clamp N|none            a generator's, in a bare state dict of NVIDIA's
 *     --as w|w+                      which space latents are of, where their shape fits both
 *     --key PATH                     which of several networks in one file
 *
 * What a file is, is seen from its content; the option says what it is wanted for. Progress goes to stderr, what was
 * written to stdout.
 */
import type { CommandModule } from 'yargs';
import {
  CLIP_ACTIVATIONS,
  type ClipActivation,
  progress,
  type Progress,
  readBundleInfo,
  usageError,
} from '@styleclip/core';
import { inMegabytes } from '../fetch/megabytes.js';
import { importBundle, type ImportedPart } from '../import/import-bundle.js';
import { importDirections } from './import-directions.js';
import { importLatents } from './import-latents.js';
import { stopOnSignals } from './stop-on-signals.js';

interface ImportArguments {
  generator: string | undefined;
  clip: string | undefined;
  identity: string | undefined;
  mapper: string | undefined;
  latents: string | undefined;
  directions: string | undefined;
  statistics: string | undefined;
  to: string;
  bundle: string | undefined;
  half: boolean;
  force: boolean;
  'image-heads': number | undefined;
  'text-heads': number | undefined;
  activation: ClipActivation | undefined;
  'conv-clamp': string | undefined;
  key: string | undefined;
  as: 'w' | 'w+' | undefined;
}

const NETWORKS = ['generator', 'clip', 'identity', 'mapper'] as const;

/** Options that only mean something for networks, or only for latents and directions. */
const OF_NETWORKS = ['half', 'image-heads', 'text-heads', 'activation', 'conv-clamp', 'key'] as const;

export const importCommand: CommandModule<object, ImportArguments> = {
  command: 'import',
  describe: 'turn foreign checkpoints into a bundle, or latents and statistics into files of this project',
  builder: (y) =>
    y
      .option('generator', {
        type: 'string',
        describe: "StyleGAN2: NVIDIA's .pkl (PyTorch, TensorFlow) and .pt, rosinality's .pt",
      })
      .option('clip', {
        type: 'string',
        describe:
          "CLIP: OpenAI's .pt, open_clip's, Hugging Face's model.safetensors or pytorch_model.bin; for one in parts its index or folder",
      })
      .option('identity', { type: 'string', describe: 'ArcFace: model_ir_se50.pth' })
      .option('mapper', {
        type: 'string',
        describe: "StyleCLIP's latent mapper, with the generator that is in its file",
      })
      .option('latents', { type: 'string', describe: 'W+ or W codes: .pt, .npy, .npz or .safetensors' })
      .option('directions', { type: 'string', describe: "StyleCLIP's fs3.npy, with --statistics" })
      .option('statistics', { type: 'string', describe: "StyleCLIP's S_mean_std" })
      .option('to', {
        type: 'string',
        demandOption: true,
        describe: 'folder of the bundle (models/NAME); a .safetensors file for latents, an .arrow file for directions',
      })
      .option('bundle', { type: 'string', describe: 'bundle that latents or directions must fit' })
      .option('half', { type: 'boolean', default: false, describe: 'round all weights to float16 on disk' })
      .option('force', { type: 'boolean', default: false, describe: 'replace parts that the bundle has already' })
      .option('image-heads', { type: 'number', describe: "attention heads of CLIP's image side, where not width / 64" })
      .option('text-heads', { type: 'number', describe: "attention heads of CLIP's text side, where not width / 64" })
      .option('activation', {
        choices: CLIP_ACTIVATIONS,
        describe: "activation of CLIP's MLPs, where nothing beside the file says it",
      })
      .option('conv-clamp', {
        type: 'string',
        describe: "conv_clamp of a state dict of NVIDIA's, which can't say it: a number or none",
      })
      .option('key', { type: 'string', describe: 'where in its file the network stands, if there are several: g_ema' })
      .option('as', { choices: ['w', 'w+'] as const, describe: 'what latents are, where they fit both' }),
  handler: async (args) => {
    const networks = NETWORKS.filter((kind) => args[kind] !== undefined);
    const others = (['latents', 'directions'] as const).filter((kind) => args[kind] !== undefined);
    if (networks.length > 0 ? others.length > 0 : others.length !== 1) {
      throw usageError(
        networks.length + others.length === 0
          ? 'say what to import: --generator, --clip, --identity, --mapper, --latents or --directions FILE'
          : `--${[...networks, ...others].join(' and --')} don't go into one file; import them one after the other`,
      );
    }
    if (others.length > 0) {
      const idle = OF_NETWORKS.find((name) => args[name] !== undefined && args[name] !== false);
      if (idle !== undefined) throw usageError(`--${idle} is for networks; it has no meaning with --${others[0]}`);
    }
    if (args.as !== undefined && args.latents === undefined) throw usageError('--as is for --latents');
    if (others.length === 0 && args.bundle !== undefined) {
      throw usageError('--bundle is for latents and directions; the bundle to write is --to');
    }
    if ((args.directions === undefined) !== (args.statistics === undefined)) {
      throw usageError('--directions and --statistics belong together: fs3.npy and S_mean_std');
    }
    if (args.latents !== undefined) return latents(args.latents, args);
    if (args.directions !== undefined) return directions(args.directions, args);
    return bundle(args);
  },
};

async function bundle(args: ImportArguments): Promise<void> {
  const { generator, clip, identity, mapper, to, half, force } = args;
  const { 'image-heads': imageHeads, 'text-heads': textHeads } = args;
  for (const [name, heads] of Object.entries({ 'image-heads': imageHeads, 'text-heads': textHeads })) {
    if (heads === undefined) continue;
    if (clip === undefined) throw usageError(`--${name} is for --clip`);
    if (!(Number.isInteger(heads) && heads > 0)) throw usageError(`--${name}: expected a whole number above 0`);
  }
  const stop = stopOnSignals();
  let bar: Progress | undefined;
  let shown = -1;
  try {
    const parts = await importBundle({
      files: {
        ...(generator !== undefined && { generator }),
        ...(clip !== undefined && { clip }),
        ...(identity !== undefined && { identity }),
        ...(mapper !== undefined && { mapper }),
      },
      to,
      half,
      force,
      ...(args.activation !== undefined && { activation: args.activation }),
      ...(args['conv-clamp'] !== undefined && { convClamp: parseClamp(args['conv-clamp']) }),
      ...(args.key !== undefined && { key: args.key }),
      heads: { ...(imageHeads !== undefined && { imageHeads }), ...(textHeads !== undefined && { textHeads }) },
      signal: stop.signal,
      onProgress(done, total) {
        bar ??= progress({ total: inMegabytes(total), label: 'import', unit: 'MB' });
        if (inMegabytes(done) !== shown) bar.update((shown = inMegabytes(done)));
      },
    });
    bar?.stop();
    process.stdout.write(parts.map(describePart).join(''));
    // In kilobytes, as getrusage has it.
    process.stdout.write(
      `${to}: ready; at most ${Math.round(process.resourceUsage().maxRSS / 1000)} MB of memory used\n`,
    );
  } finally {
    bar?.stop();
    stop.release();
  }
}

/** @throws UserError unless it is `none` or a number above 0 */
function parseClamp(text: string): number | 'none' {
  if (text === 'none') return 'none';
  const clamp = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(clamp) && clamp > 0) return clamp;
  throw usageError(`--conv-clamp: expected a number above 0, or none, got "${text}"`);
}

function describePart({ kind, layout, file, parameters, dtype, source, notes }: ImportedPart): string {
  const line = `${kind}: ${source} (${layout}) -> ${file}, ${parameters.toLocaleString('en-US')} numbers, ${dtype}\n`;
  return (
    line +
    Object.entries(notes)
      .map(([name, value]) => `  ${name}: ${printable(value)}\n`)
      .join('')
  );
}

/** Text from a file, fit for a terminal. */
function printable(value: unknown): string {
  return String(value)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, 300);
}

async function latents(from: string, { to, bundle, as }: ImportArguments): Promise<void> {
  const { file, shape, format, space, names } = await importLatents({ from, to, bundle, as });
  const repeated = space === 'w' ? ', W repeated for every layer' : '';
  process.stdout.write(`${file}: w_plus [${shape.join(', ')}], from ${format}${repeated}\n`);
  if (names !== undefined) {
    const shown = names.slice(0, 8).map(printable).join(', ') + (names.length > 8 ? ', …' : '');
    process.stdout.write(`  names: ${shown}\n`);
  }
}

async function directions(fs3: string, { statistics, to, bundle }: ImportArguments): Promise<void> {
  const info = bundle === undefined ? undefined : await readBundleInfo(bundle);
  const { file, rows, measured, width } = await importDirections({
    fs3,
    statistics: statistics as string,
    to,
    resolution: info?.generator?.resolution,
    generatorSha256: info?.generator?.sha256,
    clipSha256: info?.clip?.sha256,
  });
  process.stdout.write(`${file}: ${rows} channels, ${measured} of them with a direction [${width}]\n`);
}
