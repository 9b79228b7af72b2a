/**
 * The state dict of `model_ir_se50.pth` (TreB1eN's InsightFace_Pytorch, as StyleCLIP uses it) to ours, at any depth:
 * the names stay, convolutions turn to HWIO, and the last linear layer's inputs from (channel, row, column) to
 * (row, column, channel).
 */
import type { Weights } from '../../tensors/weights.js';
import { applyNameTable, type NamedShapes, type NameRow, shapesOf, type Size } from '../name-table.js';
import { CONV, linearAfterFlatten } from '../turns.js';

const same = (name: string, shape: readonly Size[]): NameRow => ({ from: name, to: name, shape });

const conv = (name: string, outputs: string, inputs: Size, kernel: number): NameRow => ({
  ...same(`${name}.weight`, [outputs, inputs, kernel, kernel]),
  turn: CONV,
});

const norm = (name: string, channels: string): NameRow[] =>
  ['weight', 'bias', 'running_mean', 'running_var'].map((field) => same(`${name}.${field}`, [channels]));

/**
 * The whole table.
 * @param shortcuts the blocks with a shortcut convolution
 * @param last channels and side of the last block's output, which is flattened
 */
export function arcFaceTable(
  blocks: number,
  shortcuts: readonly number[],
  last: { channels: number; side: number },
): readonly NameRow[] {
  let width = 'c'; // of the stage; a shortcut convolution begins a new one
  const rows: NameRow[] = [
    conv('input_layer.0', width, 3, 3),
    ...norm('input_layer.1', width),
    same('input_layer.2.weight', [width]),
  ];
  for (let i = 0; i < blocks; i++) {
    const [name, inputs] = [`body.${i}.res_layer`, width];
    if (shortcuts.includes(i)) width = `c${i}`;
    rows.push(...norm(`${name}.0`, inputs), conv(`${name}.1`, width, inputs, 3), same(`${name}.2.weight`, [width]));
    rows.push(conv(`${name}.3`, width, width, 3), ...norm(`${name}.4`, width));
    rows.push(conv(`${name}.5.fc1`, `${width} squeezed`, width, 1), conv(`${name}.5.fc2`, width, `${width} squeezed`, 1));
    if (width !== inputs) {
      rows.push(conv(`body.${i}.shortcut_layer.0`, width, inputs, 1), ...norm(`body.${i}.shortcut_layer.1`, width));
    }
  }
  rows.push(...norm('output_layer.0', width));
  rows.push({
    ...same('output_layer.3.weight', ['embed', last.channels * last.side ** 2]),
    turn: linearAfterFlatten(last.channels),
  });
  rows.push(same('output_layer.3.bias', ['embed']), ...norm('output_layer.4', 'embed'));
  return rows;
}

/** The table for a state dict, its sizes read off names and shapes. */
export function arcFaceTableOf(shapes: NamedShapes): readonly NameRow[] {
  let blocks = 0;
  while (shapes.has(`body.${blocks}.res_layer.1.weight`)) blocks++;
  const shortcuts = [...Array(blocks).keys()].filter((i) => shapes.has(`body.${i}.shortcut_layer.0.weight`));
  const channels = shapes.get('output_layer.0.weight')?.[0] ?? 1;
  const inputs = shapes.get('output_layer.3.weight')?.[1] ?? 1;
  return arcFaceTable(blocks, shortcuts, { channels, side: Math.max(1, Math.round(Math.sqrt(inputs / channels))) });
}

/** Names of a state dict that need not be read: PyTorch's counters of batches. */
export const isBatchCounter = (name: string): boolean => name.endsWith('.num_batches_tracked');

/**
 * @param state the state dict by its original names, in PyTorch's layouts
 * @returns IR-SE weights; the caller disposes them
 * @throws UserError when a name is missing or left over, or shapes do not go together
 */
export function fromArcFace(state: Weights): Weights {
  return applyNameTable('ArcFace', state, arcFaceTableOf(shapesOf(state)), isBatchCounter);
}
