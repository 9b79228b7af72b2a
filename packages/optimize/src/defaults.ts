/**
 * The defaults of latent optimization: ours and the original's (`optimization/run_optimization.py`), in W+ and in S. The
 * README holds them side by side and says why they differ; `official: true` takes the original's.
 *
 * In S the original has no weights of its own, and with those of W+ its edits are next to invisible (issue 70 of its
 * repository): style channels number in the thousands, so a sum of squares over them weighs more.
 */
import type { Space } from './code-space.js';

/** What a configuration falls back on. */
export interface Defaults {
  losses: {
    clip: number;
    directional: number;
    id: number;
    l2: number;
    l2Reading: 'sum' | 'mean' | 'norm';
    clipInput: 'raw' | 'normalised';
  };
  lr: number;
  warmup: number;
  decay: 'ramp' | 'cosine' | 'constant';
  steps: number;
  keep: 'best' | 'last';
  truncation: number;
  filmEvery: number;
}

const OFFICIAL: Defaults = {
  losses: { clip: 1, directional: 0, id: 0, l2: 0.008, l2Reading: 'sum', clipInput: 'raw' },
  lr: 0.1,
  warmup: 0,
  decay: 'ramp',
  steps: 300,
  keep: 'last',
  truncation: 0.7,
  filmEvery: 20,
};

const OURS: Record<Space, Defaults> = {
  'w+': {
    losses: { clip: 1, directional: 0.5, id: 0.1, l2: 0.008, l2Reading: 'sum', clipInput: 'normalised' },
    lr: 0.1,
    warmup: 0,
    decay: 'ramp',
    steps: 100,
    keep: 'best',
    truncation: 0.7,
    filmEvery: 10,
  },
  s: {
    losses: { clip: 1, directional: 0.5, id: 0.1, l2: 0.002, l2Reading: 'sum', clipInput: 'normalised' },
    lr: 0.1,
    warmup: 0,
    decay: 'ramp',
    steps: 100,
    keep: 'best',
    truncation: 0.7,
    filmEvery: 10,
  },
};

/** The prompt that the original's command line has. */
export const OFFICIAL_PROMPT = 'a person with purple hair';

export function defaultsOf(space: Space, official: boolean): Defaults {
  return official ? OFFICIAL : OURS[space];
}
