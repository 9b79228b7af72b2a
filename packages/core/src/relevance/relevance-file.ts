/**
 * The relevance of every style channel, as an Arrow file: what global directions look up for a prompt.
 *
 * One row a channel of every layer but toRGB, in the order of execution (style indices 0, 2, 3, 5, 6, 8, 9, …):
 *
 *     layer int16        style index, toRGB layers counted        name utf8          the layer's name, such as `b8.conv0`
 *     channel int16      place in the layer's style               resolution int16   side of the layer's output in pixels
 *     mean, std float32  of the channel over many latents         direction          float32 × width of CLIP's embedding
 *
 *     magnitude float32  (optional) how far the channel moved CLIP's unit feature, before that was brought to length 1
 *
 * `direction` is the unit vector Δi_c of the StyleCLIP paper (section 6): where in CLIP's space a step along the channel
 * leads. It is zero for channels that were not measured. The schema's metadata says how it was made. IPC file format,
 * uncompressed: pyarrow, polars and DuckDB read it, and memory maps of it need no parsing.
 */
import { z } from 'zod';
import { failure } from '../errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import type { ByteSource } from '../files/byte-source.js';
import { quoted } from '../files/quoted.js';
import { readArrowFile } from './arrow-file.js';
import { arrowFile } from './arrow-writer.js';

export interface Relevance {
  /** Style index of each channel. */
  readonly layer: Int16Array;
  readonly name: readonly string[];
  readonly channel: Int16Array;
  readonly resolution: Int16Array;
  readonly mean: Float32Array;
  readonly std: Float32Array;
  /** [channels, width], row-major; each row a unit vector or zero. */
  readonly direction: Float32Array;
  /**
   * Mean length of the step between CLIP's unit features at the two ends of the probe, 0 … 2: a direction of length 1 does
   * not tell a channel that changes everything from one that changes nothing. Absent from files of other programs.
   */
  readonly magnitude?: Float32Array;
  /** Length of a CLIP embedding. */
  readonly width: number;
  readonly metadata: RelevanceMetadata;
}

const sha256 = z.string().regex(/^([0-9a-f]{64}|unknown)$/);

/** How the file was made; Arrow keeps it as texts. */
const metadataSchema = z.object({
  formatVersion: z.literal('1'),
  /** SHA-256 of the generator's file; `unknown` where directions were imported without it. */
  generatorSha256: sha256,
  clipSha256: sha256,
  /** How many pictures each direction is the mean of. */
  images: z.string(),
  /** Size of the step, in standard deviations. */
  amplitude: z.string(),
  /** `finite-difference` is the paper's. */
  method: z.string().min(1),
  seed: z.string(),
  /** What it was made from, in words. */
  source: z.string(),
});
export type RelevanceMetadata = z.infer<typeof metadataSchema>;

const COLUMNS = {
  layer: 'int16',
  name: 'utf8',
  channel: 'int16',
  resolution: 'int16',
  mean: 'float32',
  std: 'float32',
  direction: 'float32-list',
} as const;
const EXTRA = { magnitude: 'float32' } as const;

/** How far from 1 a unit vector may be: float16 rounds 512 numbers, and means of rounded vectors are rounded again. */
const UNIT_TOLERANCE = 0.01;

/** Writes the file, whole or not at all. @throws Error when `relevance` breaks the rules above */
export async function writeRelevance(path: string, relevance: Relevance): Promise<void> {
  const wrong = findFault(relevance);
  if (wrong !== undefined) throw new Error(`relevance for ${path}: ${wrong}`);
  const { layer, name, channel, resolution, mean, std, direction, magnitude, width, metadata } = relevance;
  const bytes = arrowFile(
    {
      layer: { type: 'int16', data: layer },
      name: { type: 'utf8', data: name },
      channel: { type: 'int16', data: channel },
      resolution: { type: 'int16', data: resolution },
      mean: { type: 'float32', data: mean },
      std: { type: 'float32', data: std },
      direction: { type: 'float32-list', data: direction, width },
      ...(magnitude && { magnitude: { type: 'float32' as const, data: magnitude } }),
    },
    metadata,
  );
  await writeFileAtomic(path, bytes);
}

/**
 * Reads and checks a relevance file.
 * @throws UserError when it is damaged, has other columns, or breaks the rules above
 */
export async function readRelevance(source: ByteSource): Promise<Relevance> {
  const { name } = source;
  const { columns, width, metadata } = await readArrowFile(source, COLUMNS, EXTRA);
  const about = metadataSchema.safeParse(metadata);
  if (!about.success) {
    const key = String(about.error.issues[0]?.path[0] ?? '');
    const value = metadata[key];
    throw failure(
      `${name}: not a relevance file: its metadata's ${key} is ${value === undefined ? 'missing' : quoted(value)}`,
    );
  }
  const relevance: Relevance = { ...columns, width, metadata: about.data };
  const wrong = findFault(relevance);
  if (wrong !== undefined) throw failure(`${name}: not a valid relevance file: ${wrong}`);
  return relevance;
}

/** The first rule that is broken, in words. */
function findFault(relevance: Relevance): string | undefined {
  const { layer, name, channel, resolution, mean, std, direction, magnitude, width } = relevance;
  const rows = layer.length;
  const lengths = [name, channel, resolution, mean, std, magnitude ?? std].map(({ length }) => length);
  if (rows === 0) return 'it has no channels';
  if (width < 1 || lengths.some((length) => length !== rows) || direction.length !== rows * width)
    return `columns of ${[rows, ...lengths, direction.length].join(', ')} values, lists of ${width}`;
  for (let row = 0; row < rows; row++) {
    const before = row > 0 && layer[row - 1] === layer[row] ? row - 1 : undefined;
    const side = resolution[row] as number;
    if ((layer[row] as number) < 0 || (row > 0 && (layer[row] as number) < (layer[row - 1] as number)))
      return `row ${row}: layer ${layer[row]} out of order`;
    if (channel[row] !== (before === undefined ? 0 : (channel[before] as number) + 1))
      return `row ${row}: channel ${channel[row]} of layer ${layer[row]} out of order`;
    if (side < 4 || (side & (side - 1)) !== 0) return `row ${row}: resolution ${side} is no power of two`;
    if (before !== undefined && (name[row] !== name[before] || side !== resolution[before]))
      return `row ${row}: layer ${layer[row]} has two names or resolutions`;
    if (!Number.isFinite(mean[row]) || !Number.isFinite(std[row]) || (std[row] as number) < 0)
      return `row ${row}: mean ${mean[row]}, standard deviation ${std[row]}`;
    if (magnitude !== undefined && !((magnitude[row] as number) >= 0 && Number.isFinite(magnitude[row])))
      return `row ${row}: magnitude ${magnitude[row]}`;
  }
  return notUnit(direction, width);
}

/**
 * The first row that is neither a unit vector nor zero, in words.
 * @param rows [n, width], row-major
 */
export function notUnit(rows: Float32Array, width: number): string | undefined {
  for (let row = 0; row * width < rows.length; row++) {
    let square = 0;
    for (let i = row * width; i < (row + 1) * width; i++) square += (rows[i] as number) ** 2;
    if (!Number.isFinite(square)) return `row ${row} of the directions is not finite`;
    if (square !== 0 && Math.abs(Math.sqrt(square) - 1) > UNIT_TOLERANCE)
      return `row ${row} of the directions has length ${Math.sqrt(square).toPrecision(4)}, not 1 or 0`;
  }
  return undefined;
}
