/**
 * What the paper says (Patashnik et al., StyleCLIP, ICCV 2021, arXiv 2103.17249): the figures that stand beside ours.
 *
 * Its numbers come from StyleGAN2 at 1024² on faces, OpenAI's CLIP ViT-B/32 and 2,824 inverted CelebA-HQ faces on a GTX
 * 1080 Ti. Ours come from another generator, another CLIP and a processor, so they stand beside each other to be looked at and not
 * to be subtracted.
 */

/** Table 2: cosine between the mapper's steps for all pairs of test pictures. `config` is our configuration's name. */
export const PAPER_TABLE_2: readonly {
  prompt: string;
  config: string | null;
  mean: number;
  std: number;
  note?: string;
}[] = [
  { prompt: 'Mohawk', config: null, mean: 0.82, std: 0.096 },
  { prompt: 'Afro', config: 'afro', mean: 0.84, std: 0.085 },
  { prompt: 'Bob-cut', config: 'bob-cut', mean: 0.82, std: 0.095 },
  { prompt: 'Curly', config: 'curly-hair', mean: 0.84, std: 0.088 },
  { prompt: 'Beyonce', config: null, mean: 0.83, std: 0.081 },
  { prompt: 'Taylor Swift', config: null, mean: 0.77, std: 0.107 },
  {
    prompt: 'Surprised',
    config: 'surprised',
    mean: 0.79,
    std: 0.893,
    note: 'printed as 0.893, almost surely 0.0893: cosines with a mean of 0.79 cannot deviate by so much',
  },
  { prompt: 'Purple hair', config: 'purple-hair', mean: 0.73, std: 0.145 },
];

/** Table 1: the three methods on a single GTX 1080 Ti. */
export const PAPER_TABLE_1 = {
  optimize: { preprocessing: '–', training: '–', inference: '98 s', inputDependent: true, space: 'W+' },
  mapper: { preprocessing: '–', training: '10–12 h', inference: '75 ms', inputDependent: true, space: 'W+' },
  directions: { preprocessing: '4 h', training: '–', inference: '72 ms', inputDependent: false, space: 'S' },
} as const;
