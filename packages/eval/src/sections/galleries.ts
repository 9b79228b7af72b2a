/** The paper's sheets of pictures by one method each (figures 3, 4 and 7), and side by side (figure 9). */
import type { MethodForPrompt, MethodName } from '../methods/method.js';
import { gallerySection } from './gallery.js';
import type { SectionName } from './names.js';
import type { Planning, SectionPlan } from './plan.js';

const SHEETS = {
  figure3: {
    method: 'optimize',
    title: 'Figure 3: edits by latent optimization',
    text: 'The first held-out latents, not chosen, and what the optimization makes of them for each prompt.',
    differs:
      'The paper’s figure shows celebrities, with weights of the losses set by hand for each; here one set of weights serves all.',
  },
  figure4: {
    method: 'mapper',
    title: 'Figure 4: edits by the latent mapper',
    text: 'The first held-out latents, not chosen, and what each prompt’s mapper makes of them.',
    differs: 'The paper’s figure shows inverted photographs and hair styles only.',
  },
  figure7: {
    method: 'directions',
    title: 'Figure 7: edits by global directions',
    text: 'The first held-out latents, not chosen, and the same latents moved along each prompt’s direction; how far and by which channels was chosen by trial on other latents, by CLIP and the identity network alone.',
    differs: 'The paper’s figure shows eighteen attributes of inverted photographs; its strengths were set by eye.',
  },
} as const satisfies Partial<Record<SectionName, { method: MethodName; title: string; text: string; differs: string }>>;

/** A sheet of one method. */
export function methodSheet(name: keyof typeof SHEETS): (planning: Planning) => SectionPlan {
  const { method: wanted, title, text, differs } = SHEETS[name];
  return (planning) => {
    const methods = planning.methods.filter(({ method }) => method === wanted);
    return gallerySection(planning, {
      ...{ name, title, text: [text], differs: [differs], methods },
      label: ({ prompt }) => prompt.name,
      absent: methods.length === 0 ? [`the method "${wanted}" takes no part in this report`] : [],
    });
  };
}

/** What the paper compares in figure 9. The optimization is left out there, since it depends so much on its settings. */
const COMPARED: readonly string[] = ['directions', 'mapper'] satisfies MethodName[];

export function figure9(planning: Planning): SectionPlan {
  const { config, prompts, methods } = planning;
  const names = config.compared.length > 0 ? config.compared : prompts.slice(0, 3).map(({ name }) => name);
  const chosen = names.flatMap((name) =>
    COMPARED.flatMap((wanted): MethodForPrompt[] =>
      methods.filter((one) => one.method === wanted && one.prompt.name === name),
    ),
  );
  const strangers = names.filter((name) => !prompts.some((prompt) => prompt.name === name));
  return gallerySection(planning, {
    name: 'figure9',
    title: 'Figure 9: global directions and mapper side by side',
    text: [
      `The paper’s protocol: from a complex and specific prompt to a simple one (${names.join(', ')}), each by both methods on the same latents.`,
    ],
    differs: [
      'The paper’s prompts (Trump, Mohawk, without wrinkles) have no counterpart in this world, and its third method, TediGAN, is not here.',
    ],
    methods: chosen,
    label: ({ method, prompt }) => `${prompt.name} ${method}`,
    absent: [
      ...strangers.map((name) => `"${name}" is not among the prompts`),
      ...COMPARED.filter((wanted) => !methods.some(({ method }) => method === wanted)).map(
        (wanted) => `the method "${wanted}" takes no part in this report`,
      ),
    ],
  });
}
