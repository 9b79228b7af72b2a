/**
 * The table of lowerings: for every TensorFlow.js kernel that can be compiled, the function that appends its ONNX
 * nodes. A kernel that is not here is refused by name when a trace meets it. Each file of this folder lowers one
 * family and says where the two worlds differ.
 */
import { arrange } from './arrange.js';
import { binaries } from './binary.js';
import { choice } from './choice.js';
import { convolution } from './convolution.js';
import type { Lowering } from './lowering.js';
import { matmul } from './matmul.js';
import { pooling } from './pooling.js';
import { reduction } from './reduction.js';
import { resampling } from './resampling.js';
import { selection } from './selection.js';
import { unaries } from './unary.js';

export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  [arrange, binaries, choice, convolution, matmul, pooling, reduction, resampling, selection, unaries].flatMap(
    (family) => Object.entries(family),
  ),
);
