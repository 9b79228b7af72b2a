/** IR-SE50 with formula weights, by the names and shapes of `model_ir_se50.pth`, read by `fromArcFace`. */
import { disposeAll, fromArcFace, type Weights } from '@styleclip/core';
import { formulaWeights, type Rule, UNIT_VARIANCE } from './weight-formula.js';

const CHANNELS = [64, 128, 256, 512];
const BLOCKS = [3, 4, 14, 3];
const EMBED = 512;
const REDUCTION = 16;

/** The caller disposes the weights. */
export function formulaArcFace(): Weights {
  const all = shapes();
  const state = formulaWeights(all, (name, shape) => ruleOf(name, shape, all));
  const arcface = fromArcFace(state);
  disposeAll(state);
  return arcface;
}

/** Every counted name of the state dict with its shape. */
function shapes(): Record<string, number[]> {
  const all: Record<string, number[]> = {};
  const norm = (name: string, width: number): void => {
    for (const field of ['weight', 'bias', 'running_mean', 'running_var']) all[`${name}.${field}`] = [width];
  };
  let inputs = CHANNELS[0] as number;
  all['input_layer.0.weight'] = [inputs, 3, 3, 3];
  norm('input_layer.1', inputs);
  all['input_layer.2.weight'] = [inputs];
  let block = 0;
  for (const [stage, outputs] of CHANNELS.entries()) {
    for (let i = 0; i < (BLOCKS[stage] as number); i++, block++) {
      const name = `body.${block}.res_layer`;
      norm(`${name}.0`, inputs);
      all[`${name}.1.weight`] = [outputs, inputs, 3, 3];
      all[`${name}.2.weight`] = [outputs];
      all[`${name}.3.weight`] = [outputs, outputs, 3, 3];
      norm(`${name}.4`, outputs);
      all[`${name}.5.fc1.weight`] = [outputs / REDUCTION, outputs, 1, 1];
      all[`${name}.5.fc2.weight`] = [outputs, outputs / REDUCTION, 1, 1];
      if (inputs !== outputs) {
        all[`body.${block}.shortcut_layer.0.weight`] = [outputs, inputs, 1, 1];
        norm(`body.${block}.shortcut_layer.1`, outputs);
      }
      inputs = outputs;
    }
  }
  norm('output_layer.0', inputs);
  all['output_layer.3.weight'] = [EMBED, inputs * 7 * 7];
  all['output_layer.3.bias'] = [EMBED];
  norm('output_layer.4', EMBED);
  return all;
}

function ruleOf(name: string, shape: readonly number[], all: Readonly<Record<string, readonly number[]>>): Rule {
  const layer = name.slice(0, name.lastIndexOf('.'));
  if (all[`${layer}.running_mean`] !== undefined) {
    if (name.endsWith('.weight')) return (u) => 1 + 0.4 * u;
    if (name.endsWith('.running_var')) return (u) => 1 + u;
    return (u) => 0.2 * u; // bias and running_mean
  }
  if (shape.length === 1) return name.endsWith('.weight') ? (u) => 0.25 + 0.1 * u : (u) => 0.1 * u;
  const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
  return (u) => 0.7 * UNIT_VARIANCE * Math.sqrt(2 / fanIn) * u;
}
