import { describe, expect, it } from 'vitest';
import { parseLine } from './play.js';

describe('a line of play', () => {
  it.each([
    ['', { do: 'nothing' }],
    ['  quit ', { do: 'quit' }],
    ['keep', { do: 'keep' }],
    ['a person with purple hair', { do: 'set', change: { target: 'a person with purple hair' } }],
    ['keep calm', { do: 'set', change: { target: 'keep calm' } }],
    ['neutral a face', { do: 'set', change: { neutral: 'a face' } }],
    ['alpha -2.5', { do: 'set', change: { alpha: -2.5 } }],
    ['beta 0.1', { do: 'set', change: { choice: { beta: 0.1 } } }],
    ['top-k 12', { do: 'set', change: { choice: { topK: 12 } } }],
    ['seeds 1-3', { do: 'set', change: { seeds: '1-3' } }],
  ])('"%s"', (line, command) => expect(parseLine(line)).toEqual(command));

  it.each(['alpha', 'alpha x', 'beta 2', 'top-k 0', 'seeds 3-1', 'neutral'])('"%s" is wrong', (line) =>
    expect(() => parseLine(line)).toThrow(/expected/),
  );
});
