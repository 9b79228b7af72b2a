/**
 * Trying out: networks and relevances are loaded once, then each line changes one thing and the picture is drawn anew.
 *
 *     a person with purple hair      the target
 *     neutral a person               the text it starts from
 *     alpha 4 · beta 0.1 · top-k 20  strengths (a β and a k exclude each other)
 *     seeds 1-8                      the pictures
 *     keep                           makes the edit the start of the next one (the original's "Accept"); reset undoes that
 *     quit
 */
import { createInterface } from 'node:readline';
import {
  describeError,
  disposeAll,
  latentsOfSeeds,
  parseSeeds,
  usageError,
  writeFileAtomic,
  type WPlus,
} from '@styleclip/core';
import type { Editing, TextPair } from './editing.js';
import { drawAll, stagesSheet } from './run-sheets.js';
import { addScaled, styleStep, type Choice } from './style-direction.js';

/** What is on the table. */
export interface PlayState {
  neutral: string;
  target: string | undefined;
  alpha: number;
  choice: Choice;
  seeds: string;
}

/** A line, understood. */
export type Command =
  | { readonly do: 'set'; readonly change: Partial<PlayState> }
  | { readonly do: 'keep' | 'reset' | 'help' | 'quit' | 'nothing' };

export const PLAY_HELP =
  'a text sets the target; neutral TEXT, alpha N, beta N, top-k N, seeds 1-8, keep, reset, help, quit';

/** @throws UserError for a number or seeds that are none */
export function parseLine(line: string): Command {
  const text = line.trim();
  const [word = '', ...rest] = text.split(/\s+/);
  const value = rest.join(' ');
  switch (word) {
    case '':
      return { do: 'nothing' };
    case 'keep':
    case 'reset':
    case 'help':
    case 'quit':
      if (value === '') return { do: word };
      break;
    case 'neutral':
    case 'target':
      if (value === '') throw usageError(`${word}: expected a text`);
      return { do: 'set', change: { [word]: value } };
    case 'alpha':
      return { do: 'set', change: { alpha: number(word, value, -1000, 1000) } };
    case 'beta':
      return { do: 'set', change: { choice: { beta: number(word, value, 0, 1) } } };
    case 'top-k':
      return { do: 'set', change: { choice: { topK: Math.round(number(word, value, 1, 1e6)) } } };
    case 'seeds':
      parseSeeds(value);
      return { do: 'set', change: { seeds: value } };
  }
  return { do: 'set', change: { target: text } };
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text === '' || !(value >= least && value <= most))
    throw usageError(`${name}: expected a number from ${least} to ${most}, got "${text}"`);
  return value;
}

/**
 * Reads lines until their end or `quit`. After each that changes the picture `preview` is written anew and a line says what
 * it shows; a line that can't be followed says so and changes nothing.
 */
export async function play(
  editing: Editing,
  start: PlayState,
  {
    input,
    say,
    preview,
    truncation,
  }: {
    input: NodeJS.ReadableStream;
    say: (line: string) => void;
    preview: string;
    truncation: number;
  },
): Promise<void> {
  let state = start;
  let kept = new Float32Array(editing.layout.channels);
  let pair: { readonly key: string; readonly found: TextPair } | undefined;
  const lines = createInterface({ input });
  if (state.target !== undefined) await attempt(() => draw(state));
  for await (const line of lines) {
    let over = false;
    await attempt(async () => {
      const command = parseLine(line);
      if (command.do === 'quit') over = true;
      else if (command.do === 'help') say(PLAY_HELP);
      else if (command.do === 'keep') {
        if (state.target === undefined) throw usageError('keep: there is no edit yet; write a target');
        kept = (await moved(state)).slice();
        state = { ...state, target: undefined };
        say('kept; write the next target');
      } else if (command.do === 'reset') {
        kept = new Float32Array(editing.layout.channels);
        await draw(state);
      } else if (command.do === 'set') {
        const next = { ...state, ...command.change };
        await draw(next);
        state = next;
      }
    });
    if (over) break;
  }
  lines.close();

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      say(describeError(error));
    }
  }

  async function moved({ neutral, target, alpha, choice }: PlayState): Promise<Float32Array> {
    if (target === undefined) return kept;
    const key = JSON.stringify([neutral, target]);
    if (pair?.key !== key) pair = { key, found: await editing.lookUp(neutral, target) };
    return addScaled(kept, styleStep(pair.found.relevances, choice).direction, alpha);
  }

  async function draw(next: PlayState): Promise<void> {
    const began = performance.now();
    const direction = await moved(next);
    const wPlus: WPlus = latentsOfSeeds(editing.networks.generator, parseSeeds(next.seeds), truncation);
    const stages = [
      await drawAll(editing.trial, wPlus, new Float32Array(direction.length)),
      await drawAll(editing.trial, wPlus, direction),
    ];
    await writeFileAtomic(preview, await stagesSheet(stages));
    disposeAll(wPlus, stages);
    const count = pair && next.target !== undefined ? styleStep(pair.found.relevances, next.choice).channels.length : 0;
    const strength = 'beta' in next.choice ? `beta ${next.choice.beta}, ` : '';
    say(
      `${next.target === undefined ? 'no target' : `"${next.neutral}" → "${next.target}"`}, alpha ${next.alpha}, ${strength}${count} channels, seeds ${next.seeds}: ${preview} (${((performance.now() - began) / 1000).toFixed(2)} s)`,
    );
  }
}
