/**
 * CLIP by OpenAI's names: the TorchScript archives that OpenAI publishes (float16 matrices, three describing scalars), and
 * the state dicts of programs that train such models, open_clip's among them. In an archive the names are attributes of
 * nested modules, and the causal mask may be one of those. open_clip's models with a text side of their own keep it below
 * `text.`; the names are the same. The ResNet models are refused by name.
 */
import { isOpenAiDescription, openAiTableOf } from '@styleclip/core';
import type { StateDict } from '../tensor.js';
import { requireRgb } from './channels.js';
import type { Layout } from './layout.js';
import { sourceOf, stateAt } from './places.js';
import { shapesOfState } from './shapes-of-state.js';

const PATCHES = 'visual.conv1.weight';
const WORDS = 'token_embedding.weight';
const OWN_TEXT = 'text.';

export const openAiClip: Layout = {
  kind: 'clip',
  layout: 'OpenAI CLIP',
  marks: [PATCHES],
  find(places, { format }, file) {
    return places.flatMap((place) => {
      const state = withoutOwnText(stateAt(place, file));
      if (!state.has(WORDS)) return [];
      const what = `${file}: OpenAI CLIP`;
      return {
        layout: openAiClip,
        source: place.source,
        describe() {
          const table = openAiTableOf(what, shapesOfState(state));
          requireRgb(`${what}: its image side takes`, state.get(PATCHES)?.shape[1], 'pictures');
          return {
            kind: 'clip',
            layout: openAiClip.layout,
            what,
            state,
            table,
            ignored: (name) => isOpenAiDescription(name) || name.endsWith('.attn_mask') || name === 'attn_mask',
            notes: { source: format === 'torchscript' ? 'TorchScript archive' : sourceOf(place) },
          };
        },
      };
    });
  },
};

function withoutOwnText(state: StateDict): StateDict {
  if (state.has(WORDS) || !state.has(OWN_TEXT + WORDS)) return state;
  return new Map(
    [...state].map(([name, tensor]) => [name.startsWith(OWN_TEXT) ? name.slice(OWN_TEXT.length) : name, tensor]),
  );
}
