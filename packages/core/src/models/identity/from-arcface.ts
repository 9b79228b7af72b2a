/**
 * The state dict of `model_ir_se50.pth` (TreB1eN's InsightFace_Pytorch, as StyleCLIP uses it) to ours, at any depth:
 * the names stay, convolutions turn to HWIO, and the last linear layer's inputs from (channel, row, column) to
 * (row, column, channel).
 */
import tf from '@tensorflow/tfjs';
import type { Weights } from '../../weights.js';
import { applyNameTable, type NameRow, transposeConv } from '../name-table.js';
import { blocksOf } from './ir-se.js';

const same = (name: string): NameRow => ({ from: name, to: name });
const conv = (name: string): NameRow => ({ ...same(`${name}.weight`), turn: transposeConv });
const norm = (name: string): NameRow[] =>
  ['weight', 'bias', 'running_mean', 'running_var'].map((field) => same(`${name}.${field}`));

/** [out, C·h·w] -> [h·w·C, out] */
function turnFlattened(channels: number): (tensor: tf.Tensor) => tf.Tensor {
  return (tensor) => {
    const [outputs = 0, inputs = 0] = tensor.shape;
    const pixels = inputs / channels;
    return tf.reshape(tf.transpose(tf.reshape(tensor, [outputs, channels, pixels]), [2, 1, 0]), [inputs, outputs]);
  };
}

/** The whole table; `shortcuts` are the blocks with a shortcut convolution. */
export function arcFaceTable(blocks: number, shortcuts: readonly number[], channels: number): readonly NameRow[] {
  const rows: NameRow[] = [conv('input_layer.0'), ...norm('input_layer.1'), same('input_layer.2.weight')];
  for (let i = 0; i < blocks; i++) {
    const name = `body.${i}.res_layer`;
    rows.push(...norm(`${name}.0`), conv(`${name}.1`), same(`${name}.2.weight`), conv(`${name}.3`), ...norm(`${name}.4`));
    rows.push(conv(`${name}.5.fc1`), conv(`${name}.5.fc2`));
    if (shortcuts.includes(i)) rows.push(conv(`body.${i}.shortcut_layer.0`), ...norm(`body.${i}.shortcut_layer.1`));
  }
  rows.push(...norm('output_layer.0'));
  rows.push({ ...same('output_layer.3.weight'), turn: turnFlattened(channels) }, same('output_layer.3.bias'));
  rows.push(...norm('output_layer.4'));
  return rows;
}

/**
 * @param state the state dict by its original names, in PyTorch's layouts
 * @returns IR-SE weights; the caller disposes them
 * @throws when a name is missing or left over
 */
export function fromArcFace(state: Weights): Weights {
  const blocks = blocksOf(state);
  const shortcuts = [...Array(blocks).keys()].filter((i) => state[`body.${i}.shortcut_layer.0.weight`] !== undefined);
  const channels = state['output_layer.0.weight']?.shape[0] ?? 1;
  const table = arcFaceTable(blocks, shortcuts, channels);
  return applyNameTable('ArcFace', state, table, (name) => name.endsWith('.num_batches_tracked'));
}
