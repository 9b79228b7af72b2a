/** What is measured of a bundle of this world, all networks together. */
import type { PerFactor } from './attributes.js';
import type { DirectionScore } from './directions.js';

/** Shares between 0 and 1; what was not measured is left out. */
export interface BundleMetrics {
  /** The probe reads from G(z) what z asks for, at ψ = 1; and with W+ groups from three latents. */
  generator?: PerFactor;
  generatorMixed?: PerFactor;
  /** Mean absolute error of its pictures, of a range of 2, in the two cases. */
  generatorError?: { readonly plain: number; readonly mixed: number };
  /** Zero-shot accuracy with the plainest prompts, and with wordings that training never saw. */
  clip?: PerFactor;
  clipParaphrase?: PerFactor;
  /** The same with later additions to the lists and less usual names of colours. */
  clipFurther?: PerFactor;
  /** Same/different verification; and against pairs that differ in one identity factor only. */
  identity?: number;
  identityClose?: Readonly<Record<string, number>>;
  /** Mean cosine of pictures of the same and of different identities. */
  identityCosine?: { readonly same: number; readonly different: number };
  attributes?: PerFactor;
  /** What directions in style space do (directions.ts): the oracle's by factor and value, finite differences by prompt. */
  directions?: {
    readonly oracle: Readonly<Record<string, Readonly<Record<string, DirectionScore>>>>;
    readonly finiteDifferences: Readonly<Record<string, DirectionScore>>;
  };
}
