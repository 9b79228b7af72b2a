/** The data sets that the bundle in `models/avatars` is trained and measured on; they share no seed. */
export const RENDERS = {
  train: { dir: 'runs/avatars/renders/train', count: 60_000, seed: 1 },
  test: { dir: 'runs/avatars/renders/test', count: 4_000, seed: 2 },
} as const;
