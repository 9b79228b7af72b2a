/** Every parity check, in the order in which they run. A network joins by a line here. */
import { arcfaceCheck } from './arcface.js';
import type { ParityCheck } from './check.js';
import { clipCheck } from './clip.js';
import { mapperCheck } from './mapper.js';
import { stylegan2Check } from './stylegan2.js';

export const PARITY_CHECKS: readonly ParityCheck[] = [mapperCheck, arcfaceCheck, clipCheck, stylegan2Check];
