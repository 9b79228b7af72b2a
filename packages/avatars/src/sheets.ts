/**
 * Pictures of what a generator of this world has learned, and of what lies between its latents; the model card shows
 * them. They are for people to look at; nothing is measured here.
 *
 *     held-out        what z asks for, what G draws of it, and what it draws of the groups of W+ rows of three latents
 *     truncation      avatars from the average w (ψ = 0) to beyond themselves (ψ = 1.2)
 *     interpolation   straight lines in W from one avatar to another
 *     channels        one style channel from −5σ to +5σ for each of some values: the channel that shows it best
 *     oracle          the mean style of a value minus the mean of all, added to avatars
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  broadcastW,
  generatorSize,
  grid,
  mapping,
  normals,
  Random,
  styles,
  synthesize,
  tf,
  toRgbImages,
  truncate,
  writeFileAtomic,
  type Device,
  type RgbImage,
  type Weights,
  type WPlus,
  type Z,
} from '@styleclip/core';
import { valueIndex, type Avatar, type FactorName } from './factors.js';
import { askedAvatars } from './latents.js';
import { meanStep, momentsOf } from './measures/style-moments.js';
import { openStyleSpace, type StyleNetworks, type StyleSample, type StyleSpace } from './measures/style-space.js';
import { renderAvatar } from './render.js';
import { LAYER_GROUPS, withGroup } from './train/groups.js';
import { visible } from './visible.js';

type NamedValue = readonly [FactorName, string];

/** Values whose best channel is walked. */
const WALKED: readonly NamedValue[] = [
  ['hairColor', 'purple'],
  ['glasses', 'sunglasses'],
  ['beard', 'full'],
  ['mouth', 'open'],
  ['hair', 'afro'],
  ['eyes', 'wide'],
];
/** Values that the oracle brings. */
const BROUGHT: readonly NamedValue[] = [
  ['hairColor', 'purple'],
  ['hair', 'bald'],
  ['hair', 'afro'],
  ['hair', 'curly'],
  ['hair', 'bob'],
  ['glasses', 'sunglasses'],
  ['beard', 'full'],
  ['mouth', 'open'],
  ['brows', 'angry'],
  ['eyes', 'wide'],
];
const SIGMAS = [-5, -2.5, 0, 1.25, 2.5, 3.75, 5];
const PSIS = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2];
const SHARES = [0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1];
/** How far the oracle goes; 1 is the mean step. */
const ORACLE_STRENGTH = 1.25;

interface Row {
  readonly label: string;
  readonly images: readonly RgbImage[];
}

/**
 * Draws the sheets into a folder, which is made where it is missing.
 * @returns their paths
 */
export async function drawSheets(device: Device, networks: StyleNetworks, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const sheets = { ...(await latentSheets(device, networks.generator)), ...(await styleSheets(device, networks)) };
  const paths: string[] = [];
  for (const [name, { rows, heads }] of Object.entries(sheets)) {
    const path = join(folder, `${name}.png`);
    const columns = rows[0]!.images.length;
    const labels = rows.flatMap(({ label }, r) =>
      Array.from({ length: columns }, (_, c) => (c === 0 && label !== '' ? label : r === 0 ? (heads[c] ?? '') : '')),
    );
    const images = rows.flatMap((row) => row.images);
    await writeFileAtomic(path, await grid(images, { columns, labels, zoom: 2, gap: 2, palette: true }));
    paths.push(path);
  }
  return paths;
}

type Sheets = Record<string, { rows: Row[]; heads: readonly string[] }>;

/** Held-out avatars, truncation, interpolation. */
async function latentSheets(device: Device, generator: Weights): Promise<Sheets> {
  const { layers, zDim, resolution } = generatorSize(generator);
  const map = device.compile((z: Z) => mapping(generator, z), { name: 'sheets-map' });
  const synthesis = device.compile((w: WPlus) => synthesize(generator, styles(generator, w), { noise: 'stored' }), {
    name: 'sheets-draw',
  });
  /** Pictures of w's, 8 each time. */
  const draw = async (make: () => tf.Tensor): Promise<RgbImage[]> => {
    const w = tf.tidy(make) as WPlus;
    const images = await synthesis(w);
    const drawn = await toRgbImages(images);
    tf.dispose([w, images]);
    return drawn;
  };
  const count = 8;
  const zs = ['coarse', 'medium', 'fine'].map((name) => normals(new Random(`sheets ${name}`), [count, zDim]) as Z);
  const ws: tf.Tensor2D[] = [];
  for (const z of zs) ws.push(await map(z));
  const asked = zs.map(askedAvatars);
  const mixedAvatars = asked[0]!.map((avatar, n) =>
    withGroup('medium', asked[1]![n]!, withGroup('fine', asked[2]![n]!, avatar)),
  );
  const rendered = (avatars: readonly Avatar[]): RgbImage[] =>
    avatars.map((avatar) => ({ data: renderAvatar(avatar, resolution), width: resolution, height: resolution }));
  const [medium, fine] = LAYER_GROUPS;
  const mixed = (): tf.Tensor => {
    const rows = [medium, fine - medium, layers - fine];
    return tf.concat(ws.map((w, k) => broadcastW(w, rows[k]!)), 1); // prettier-ignore
  };
  const wAvg = generator['wAvg'] as tf.Tensor1D;
  const whole = ws[0]!;
  const half = (from: number): tf.Tensor2D => tf.slice(whole, [from, 0], [count / 2, -1]);
  const truncated: RgbImage[][] = [];
  for (const psi of PSIS) truncated.push(await draw(() => broadcastW(truncate(half(0), wAvg, psi), layers)));
  const between: RgbImage[][] = [];
  for (const t of SHARES)
    between.push(await draw(() => broadcastW(tf.add(tf.mul(half(0), 1 - t), tf.mul(half(count / 2), t)), layers)));
  const sheets: Sheets = {
    'held-out': {
      rows: [
        { label: 'z asks for', images: rendered(asked[0]!) },
        { label: 'G(z)', images: await draw(() => broadcastW(whole, layers)) },
        { label: 'mixed', images: rendered(mixedAvatars) },
        { label: 'G(w1,w2,w3)', images: await draw(mixed) },
      ],
      heads: [],
    },
    truncation: { rows: columnsToRows(truncated), heads: PSIS.map((psi) => `psi ${psi}`) },
    interpolation: { rows: columnsToRows(between), heads: SHARES.map((t) => t.toFixed(2)) },
  };
  tf.dispose([zs, ws]);
  await Promise.all([map.dispose(), synthesis.dispose()]);
  return sheets;
}

/** Walks along single channels, and the oracle's edits. */
async function styleSheets(device: Device, networks: StyleNetworks): Promise<Sheets> {
  const space = openStyleSpace(networks, device);
  const samples: StyleSample[] = [];
  try {
    for (const [stream, count] of [['statistics', 2000], ['tuning', 16], ['sheets', 8]] as const) samples.push(await space.sample(stream, count)); // prettier-ignore
    const [all, tuning, shown] = samples as [StyleSample, StyleSample, StyleSample];
    const { mean, std } = momentsOf(all);
    const readings = await space.read(all);
    const asked = all.latents.flatMap(askedAvatars);
    const stepTo = ([name, label]: NamedValue): Float32Array => {
      const value = valueIndex(name, label as never);
      const rows = readings[name]!.flatMap((read, n) => (read === value && visible(asked[n]!, name) ? [n] : []));
      return meanStep(all, rows, mean);
    };
    const walks: Row[] = [];
    for (const named of WALKED) {
      const direction = await bestChannel(space, tuning, stepTo(named), std, named);
      const along: RgbImage[][] = [];
      for (const alpha of SIGMAS) along.push(await space.draw(shown, { direction, alpha }));
      walks.push(...columnsToRows(along, named[1]).slice(0, 2));
    }
    const brought: Row[] = [{ label: 'before', images: await space.draw(shown) }];
    for (const named of BROUGHT) {
      const edit = { direction: stepTo(named), alpha: ORACLE_STRENGTH };
      brought.push({ label: named[1], images: await space.draw(shown, edit) });
    }
    return {
      channels: { rows: walks, heads: SIGMAS.map((sigma) => `${sigma > 0 ? '+' : ''}${sigma} sd`) },
      oracle: { rows: brought, heads: [] },
    };
  } finally {
    tf.dispose(samples.flatMap(({ latents }) => latents));
    await space.dispose();
  }
}

/** σ of one channel, signed: of the 12 that move most towards the value, the one whose +5σ shows it most often. */
async function bestChannel(
  space: StyleSpace,
  tuning: StyleSample,
  step: Float32Array,
  std: Float32Array,
  [name, label]: NamedValue,
): Promise<Float32Array> {
  const value = valueIndex(name, label as never);
  const strength = (c: number): number => (std[c]! > 0 ? Math.abs(step[c]!) / std[c]! : 0);
  const candidates = Array.from(step.keys())
    .sort((a, b) => strength(b) - strength(a))
    .slice(0, 12);
  let best = new Float32Array(space.width);
  let most = -1;
  for (const channel of candidates) {
    const direction = new Float32Array(space.width);
    direction[channel] = Math.sign(step[channel]!) * std[channel]!;
    const read = (await space.read(tuning, { direction, alpha: 5 }))[name]!;
    const hits = read.filter((x) => x === value).length;
    if (hits > most) [best, most] = [direction, hits];
  }
  return best;
}

/** A list per column as rows; the first row gets the label. */
function columnsToRows(columns: readonly (readonly RgbImage[])[], label = ''): Row[] {
  return columns[0]!.map((_, r) => ({ label: r === 0 ? label : '', images: columns.map((column) => column[r]!) }));
}
