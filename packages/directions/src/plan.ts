/**
 * What a measurement would cost at another size, from the rate of one that was made: multiplications are counted
 * (work.ts), time is carried over. That says nothing of another machine, and a larger network runs at a somewhat other rate.
 */
import { passCost, layerCosts, type BlockChannels, type LayerCost } from './work.js';

/** Networks that a plan is made for. */
export interface PlannedNetworks {
  readonly resolution: number;
  readonly blocks: BlockChannels;
  /** Multiplications of CLIP's image side, and length of its feature. */
  readonly clip: number;
  readonly width: number;
}

/** StyleGAN2 config-f (NVIDIA's networks of FFHQ and the like) of a resolution, with CLIP ViT-B/32. */
export function officialNetworks(resolution: number): PlannedNetworks {
  const blocks: Record<number, number> = {};
  for (let side = 4; side <= resolution; side *= 2) blocks[side] = Math.min(512, 32768 / side);
  // ViT-B/32: 50 tokens of 768, twelve layers of 12·768² and a patch embedding of 3·32²·768.
  return { resolution, blocks, clip: 50 * (12 * 12 * 768 ** 2 + 3 * 32 ** 2 * 768), width: 512 };
}

/** One way to measure, in numbers. */
export interface PlanRow {
  readonly way: string;
  readonly channels: number;
  /** Pictures drawn or differentiated. */
  readonly pictures: number;
  readonly multiplications: number;
  readonly hours: number;
}

/** @param rate multiplications a second, as measured */
export function planFor(
  { resolution, blocks, clip, width }: PlannedNetworks,
  { images, upTo, projections, rate }: { images: number; upTo: number; projections: number; rate: number },
): PlanRow[] {
  const whole = layerCosts(blocks, resolution, resolution);
  const cut = layerCosts(blocks, resolution, upTo);
  const probed = (limit: number) => whole.filter(({ toRGB, resolution: side }) => !toRGB && side <= limit);
  const count = (layers: readonly LayerCost[]) => layers.reduce((sum, { channels }) => sum + channels, 0);
  const row = (way: string, channels: number, pictures: number, multiplications: number): PlanRow => ({
    ...{ way, channels, pictures, multiplications },
    hours: multiplications / rate / 3600,
  });
  const all = count(probed(resolution));
  const some = probed(upTo);
  const shared = some.reduce((sum, { name, channels }) => sum + 2 * channels * images * passCost(cut, clip, name), 0);
  const derivative = 3 * passCost(cut, clip);
  return [
    row('finite differences, each picture whole', all, 2 * all * images, 2 * all * images * passCost(whole, clip)),
    row(`finite differences, lower layers shared, up to ${upTo}²`, count(some), 2 * count(some) * images, shared),
    row(`Jacobian, every dimension, up to ${upTo}²`, count(some), width * images, width * images * derivative),
    row(
      `Jacobian, ${projections} projections, up to ${upTo}²`,
      count(some),
      projections * images,
      projections * images * derivative,
    ),
    row('direct, one pair of texts', count(some), images, images * derivative),
  ];
}
