/**
 * StyleGAN2 1024² config-f with formula weights: the state dict by the official names and shapes, read by `fromRosinality`,
 * so that the declared table is used at full size as well.
 */
import { disposeAll, fromRosinality, synthesisLayers, type Weights } from '@styleclip/core';
import { formulaWeights, UNIT_VARIANCE, type Rule } from './weight-formula.js';

export const RESOLUTION = 1024;
export const W_DIM = 512;
const MAPPING_LAYERS = 8;

/** Effective weights, without an average w. The caller disposes them. */
export function formulaGenerator(): Weights {
  const state = formulaWeights(configFShapes(), ruleOf);
  const g = fromRosinality(state);
  disposeAll(state);
  return g;
}

/** The values of the formula for a rosinality generator, first rule that fits. */
function ruleOf(name: string): Rule {
  if (name.endsWith('modulation.bias')) return (u) => 1 + 0.4 * u;
  if (/^style\..*\.weight$/.test(name)) return (u) => (UNIT_VARIANCE * u) / 0.01;
  if (/^style\..*\.bias$/.test(name)) return (u) => 20 * u;
  if (name.endsWith('noise.weight')) return (u) => 0.4 * u;
  if (name.startsWith('noises.')) return (u) => UNIT_VARIANCE * u;
  if (name.endsWith('bias')) return (u) => 0.4 * u;
  return (u) => UNIT_VARIANCE * u;
}

/** Names and PyTorch shapes of `Generator(1024, 512, 8)`, without the filter kernels. */
function configFShapes(): Record<string, number[]> {
  const channels = (r: number): number => Math.min(32768 / r, 512);
  const shapes: Record<string, number[]> = { 'input.input': [1, channels(4), 4, 4] };
  for (let i = 1; i <= MAPPING_LAYERS; i++) {
    shapes[`style.${i}.weight`] = [W_DIM, W_DIM];
    shapes[`style.${i}.bias`] = [W_DIM];
  }
  const modulated = (prefix: string, outputs: number, inputs: number, k: number): void => {
    shapes[`${prefix}.conv.weight`] = [1, outputs, inputs, k, k];
    shapes[`${prefix}.conv.modulation.weight`] = [inputs, W_DIM];
    shapes[`${prefix}.conv.modulation.bias`] = [inputs];
  };
  let conv = 0;
  for (const { toRGB, up, resolution: r } of synthesisLayers(RESOLUTION)) {
    if (toRGB) {
      const prefix = r === 4 ? 'to_rgb1' : `to_rgbs.${Math.log2(r) - 3}`;
      modulated(prefix, 3, channels(r), 1);
      shapes[`${prefix}.bias`] = [1, 3, 1, 1];
    } else {
      const prefix = conv === 0 ? 'conv1' : `convs.${conv - 1}`;
      modulated(prefix, channels(r), up ? channels(r / 2) : channels(r), 3);
      shapes[`${prefix}.noise.weight`] = [1];
      shapes[`${prefix}.activate.bias`] = [channels(r)];
      shapes[`noises.noise_${conv}`] = [1, 1, r, r];
      conv++;
    }
  }
  return shapes;
}
