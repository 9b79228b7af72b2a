/** Every parity check, in the order in which they run. A network joins by a line here. */
import type { ParityCheck } from './check.js';
import { mapperCheck } from './mapper.js';
import { stylegan2Check } from './stylegan2.js';

export const PARITY_CHECKS: readonly ParityCheck[] = [mapperCheck, stylegan2Check];
