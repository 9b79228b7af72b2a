/** Edits as they are written on a command line: lists of texts and numbers side by side. */
import { usageError } from '@styleclip/core';
import type { AskedPrompt } from '../asked-prompt.js';

export interface EditArguments {
  target?: string[];
  neutral?: string[];
  alpha?: number[];
  beta?: number[];
  'top-k'?: number[];
  ask?: string[];
  'prompt-of'?: string[];
}

/**
 * The edits, or nothing where no option speaks of one. An option that is given once holds for all edits; otherwise there must
 * be one for each.
 * @throws UserError when the lists don't fit each other
 */
export function editsOf(given: EditArguments, asked: readonly AskedPrompt[]): object[] | undefined {
  const { alpha, beta, 'top-k': topK } = given;
  const texts =
    asked.length > 0
      ? asked.map(({ target, neutral, ask, ignore }) => ({ target, neutral, ask, ignore }))
      : fromOptions(given);
  if (texts === undefined) return undefined;
  const count = texts.length;
  return texts.map((text, i) => {
    const edit = {
      ...text,
      alpha: pick('alpha', alpha, i, count),
      beta: pick('beta', beta, i, count),
      topK: pick('top-k', topK, i, count),
    };
    return Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  });
}

function fromOptions({ target, neutral, ask, alpha, beta, 'top-k': topK }: EditArguments): object[] | undefined {
  if (target === undefined) {
    if (neutral ?? ask ?? alpha ?? beta ?? topK) throw usageError('say what the pictures should show: --target TEXT');
    return undefined;
  }
  return target.map((text, i) => {
    const question = pick('ask', ask, i, target.length);
    return {
      target: text,
      neutral: pick('neutral', neutral, i, target.length),
      ask: question === undefined ? undefined : parseAsk(question),
    };
  });
}

/** `hairColor=purple,pink` */
function parseAsk(text: string): { factor: string; values: string[] } {
  const [, factor, values] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (factor === undefined || values === undefined)
    throw usageError(`--ask: expected a factor and its values, such as hairColor=purple,pink, got "${text}"`);
  return { factor: factor.trim(), values: values.split(',').map((value) => value.trim()) };
}

function pick<T>(name: string, list: readonly T[] | undefined, index: number, count: number): T | undefined {
  if (list === undefined || list.length === 0) return undefined;
  if (list.length !== 1 && list.length !== count)
    throw usageError(`--${name} is given ${list.length} times for ${count} edits; give it once, or once for each`);
  return list.length === 1 ? list[0] : list[index];
}
