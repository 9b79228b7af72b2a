/**
 * ArcFace's IR-SE network, `model_ir_se50.pth`: a plain state dict, or one behind `state_dict` or wrapped in `module.`
 * by data-parallel training.
 */
import { arcFaceTableOf, isBatchCounter } from '@styleclip/core';
import { PyDict } from '../pickle/values.js';
import { lookup, tensorsOf } from '../tree.js';
import type { Layout } from './layout.js';
import { shapesOfState } from './shapes-of-state.js';

const FIRST = 'input_layer.0.weight';

export const arcFace: Layout = {
  kind: 'identity',
  layout: 'ArcFace IR-SE',
  find({ tree }, file) {
    for (const part of [tree, lookup(tree, 'state_dict')]) {
      for (const prefix of ['', 'module.']) {
        if (!(part instanceof PyDict) || !part.has(prefix + FIRST)) continue;
        const state = tensorsOf(part, { name: file, prefix });
        return {
          kind: 'identity',
          layout: arcFace.layout,
          what: `${file}: ArcFace IR-SE`,
          state,
          table: arcFaceTableOf(shapesOfState(state)),
          ignored: isBatchCounter,
        };
      }
    }
    return undefined;
  },
};
