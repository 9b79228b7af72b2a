/** ArcFace's IR-SE network, such as `model_ir_se50.pth`: its state dict, alone or inside another model's. */
import { arcFaceTableOf, isBatchCounter } from '@styleclip/core';
import { requireRgb } from './channels.js';
import type { Layout } from './layout.js';
import { sourceOf, stateAt } from './places.js';
import { shapesOfState } from './shapes-of-state.js';

const FIRST = 'input_layer.0.weight';

/** The embedding: encoders for GANs have the same trunk and lack it. */
const LAST = 'output_layer.3.weight';

export const arcFace: Layout = {
  kind: 'identity',
  layout: 'ArcFace IR-SE',
  marks: [FIRST],
  find(places, _, file) {
    return places.flatMap((place) => {
      const state = stateAt(place, file);
      if (!state.has(LAST)) return [];
      const what = `${file}: ArcFace IR-SE`;
      return {
        layout: arcFace,
        source: place.source,
        describe() {
          requireRgb(`${what}: this network takes`, state.get(FIRST)?.shape[1], 'pictures');
          return {
            kind: 'identity',
            layout: arcFace.layout,
            what,
            state,
            table: arcFaceTableOf(shapesOfState(state)),
            ignored: isBatchCounter,
            notes: { source: sourceOf(place) },
          };
        },
      };
    });
  },
};
