/**
 * The paper's relevance (StyleCLIP §6, eq. 7; official `SingleChannel.py`): each channel of every picture is moved to either
 * side, and where CLIP's feature goes is that channel's direction.
 *
 *     Δi_c = unit( mean over pictures of unit( E(s + a·σ_c) − E(s − a·σ_c) ) )        E: the unit feature
 *
 * Pictures share their layers below the probed one, which are computed once a picture and layer and kept; the moved
 * channels of a picture are one batch, which leaves those activations and the styles above as they are and differs in a
 * single style. The original draws every picture whole and alone. A part is a handful of one layer's channels.
 *
 * `around: mean` puts the channel to its mean first, as the original does, and `aliasing` leaves it there for all channels
 * that are probed later, as the original does by an oversight (a shallow copy).
 */
import {
  activationsBefore,
  disposeAll,
  generatorSize,
  tf,
  unflattenStyles,
  type Activations,
  type Compiled,
  type StyleCode,
} from '@styleclip/core';
import type { EditedLayer } from '../layout.js';
import { look } from '../look.js';
import { clipCost, layerCosts, passCost } from '../work.js';
import { batchSize } from './batch-size.js';
import type { Part, Prober, ProbeSetting } from './prober.js';
import { UnitSums } from './unit-steps.js';

/** Of the activations that are kept of one layer; pictures beyond it are computed anew for each part. */
const KEPT_BYTES = 512 * 2 ** 20;

interface ChannelPart extends Part {
  readonly layer: EditedLayer;
  readonly first: number;
  readonly count: number;
}

/** What a picture has before its probed layer. */
type Below = { x: tf.Tensor4D; rgb?: tf.Tensor4D };

/** A picture of which nothing is left out: its flat code [1,all] and the moved rows [n,C] of one layer. */
type Probe = { flat: tf.Tensor2D; rows: tf.Tensor2D; below?: Below };

/** The compiled functions of one layer, with what is kept of it. */
interface OpenLayer {
  readonly name: string;
  readonly see: Compiled<[Probe], tf.Tensor2D>;
  readonly before: Compiled<[tf.Tensor2D], Below> | undefined;
  readonly kept: Map<number, Below>;
}

export async function probeByFiniteDifferences(setting: ProbeSetting): Promise<Prober> {
  const { config, networks, device, source, statistics, layout, stopAt } = setting;
  const { generator, clip } = networks;
  const { images, amplitude, around, aliasing } = config;
  const { all, layers } = layout;
  const most = Math.max(1, Math.floor((config.batch || batchSize(generator, stopAt)) / 2));
  const probed = layers.filter(({ resolution }) => resolution <= stopAt);
  const { channels: blocks, resolution } = generatorSize(generator);
  const costs = layerCosts(blocks, resolution, stopAt);
  const whole = passCost(costs, clipCost(clip));
  const parts = probed.flatMap((layer) => {
    const count = Math.ceil(layer.channels / Math.ceil(layer.channels / most));
    const share = passCost(costs, clipCost(clip), layer.name) / whole;
    return Array.from({ length: Math.ceil(layer.channels / count) }, (_, i): ChannelPart => {
      const first = i * count;
      const own = Math.min(count, layer.channels - first);
      const pictures = 2 * own * images;
      return { id: `${layer.name}-${first}`, layer, first, count: own, pictures, passes: pictures * share };
    });
  });
  const codes = await source.styles('train', 0, images); // [images,all]
  let open: OpenLayer | undefined;
  let keptBytes = 0;

  return {
    parts,

    async compute(part, tick) {
      const { layer, first, count } = part as ChannelPart;
      if (open?.name !== layer.name) {
        await close();
        open = openLayer(layer);
      }
      const size = 2 * parts.find((other) => other.layer.name === layer.name)!.count; // one shape, one graph
      let sums: UnitSums | undefined;
      let width = 0;
      for (let image = 0; image < images; image++) {
        const code = baseCode(image, layer);
        const flat = tf.tensor2d(code, [1, all]);
        const below = await belowOf(open, image, flat);
        const rows = tf.tensor2d(movedRows(code, layer, first, count, size), [size, layer.channels]);
        const seen = await open.see(below ? { flat, rows, below } : { flat, rows }); // [size,E]
        const features = await seen.data<'float32'>();
        width = seen.shape[1];
        sums ??= new UnitSums(count, width);
        for (let c = 0; c < count; c++) {
          const [up, down] = [2 * c * width, (2 * c + 1) * width];
          sums.add(c, (i) => features[up + i]! - features[down + i]!);
        }
        disposeAll(flat, rows, seen);
        if (below && !open.kept.has(image)) disposeAll(below);
        await tick(2 * count);
      }
      const { direction, magnitude } = sums!.result();
      return {
        direction: { shape: [count, width], data: direction },
        magnitude: { shape: [count], data: magnitude },
      };
    },

    async assemble(read) {
      let direction: Float32Array | undefined;
      const magnitude = new Float32Array(layout.channels);
      for (const part of parts) {
        const arrays = await read(part);
        const width = arrays['direction']!.shape[1]!;
        direction ??= new Float32Array(layout.channels * width);
        const row = part.layer.offset + part.first;
        direction.set(arrays['direction']!.data, row * width);
        magnitude.set(arrays['magnitude']!.data, row);
      }
      return { direction: direction!, magnitude };
    },

    dispose: close,
  };

  /** The picture's code as it is when a layer's turn comes. */
  function baseCode(image: number, layer: EditedLayer): Float32Array {
    const code = codes.slice(image * all, (image + 1) * all);
    if (aliasing) {
      for (const earlier of layers.filter(({ index }) => index < layer.index))
        for (let c = earlier.offsetInAll; c < earlier.offsetInAll + earlier.channels; c++)
          code[c] = statistics.mean[c]!;
    }
    return code;
  }

  /** The layer's styles, once with each channel moved up and once moved down; rows that fill the batch up are not moved. */
  function movedRows(
    code: Float32Array,
    { offsetInAll: offset, channels }: EditedLayer,
    first: number,
    count: number,
    size: number,
  ): Float32Array {
    const rows = new Float32Array(size * channels);
    for (let row = 0; row < size; row++) {
      rows.set(code.subarray(offset, offset + channels), row * channels);
      const channel = first + (row >> 1);
      if (row >> 1 >= count) continue;
      if (aliasing) rows.set(statistics.mean.subarray(offset, offset + channel), row * channels);
      const from = around === 'mean' ? statistics.mean[offset + channel]! : code[offset + channel]!;
      const step = amplitude * statistics.std[offset + channel]!;
      rows[row * channels + channel] = from + (row % 2 === 0 ? step : -step);
    }
    return rows;
  }

  /** What flows into the layer; nothing for the first one, which reads a constant. */
  async function belowOf(layer: OpenLayer, image: number, flat: tf.Tensor2D): Promise<Below | undefined> {
    const kept = layer.kept.get(image);
    if (kept || !layer.before) return kept;
    const below = await layer.before(flat);
    const bytes = 4 * (below.x.size + (below.rgb?.size ?? 0));
    if (keptBytes + bytes <= KEPT_BYTES) {
      layer.kept.set(image, below);
      keptBytes += bytes;
    }
    return below;
  }

  function openLayer({ name, index }: EditedLayer): OpenLayer {
    const see = device.compile(
      ({ flat, rows, below }: Probe) => {
        const code: StyleCode = unflattenStyles(generator, flat); // styles [1,C], but the probed one's [n,C]
        code[index] = { ...code[index]!, style: rows };
        const from: Activations | undefined = below && { layer: name, ...below };
        return look(networks, code, { stopAt, ...(from && { from }) });
      },
      { name: `probe ${name}` },
    );
    if (index === 0) return { name, see, before: undefined, kept: new Map() };
    const before = device.compile(
      (flat: tf.Tensor2D): Below => {
        const { x, rgb } = activationsBefore(generator, unflattenStyles(generator, flat), name);
        return rgb ? { x, rgb } : { x };
      },
      { name: `below ${name}` },
    );
    return { name, see, before, kept: new Map() };
  }

  async function close(): Promise<void> {
    if (open) {
      await Promise.all([open.see.dispose(), open.before?.dispose()]);
      disposeAll(...open.kept.values());
    }
    open = undefined;
    keptBytes = 0;
  }
}
