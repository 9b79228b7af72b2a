import { describe, expect, it } from 'vitest';
import { runNameProblem } from './run-name.js';

describe('runNameProblem', () => {
  it.each(['a', 'purple-hair', 'v1.2_b', '_x', '2024', 'console', 'com', 'null', 'x'.repeat(100)])(
    'allows %s',
    (name) => expect(runNameProblem(name)).toBeUndefined(),
  );
  it.each<[string, RegExp]>([
    ['', /empty/],
    ['.', /begin with a letter/],
    ['..', /begin with a letter/],
    ['.hidden', /begin with a letter/],
    ['-rf', /begin with a letter/],
    ['--resume', /begin with a letter/],
    ['../x', /may hold letters/],
    ['a/b', /may hold letters/],
    ['a\\b', /may hold letters/],
    ['a b', /may hold letters/],
    ['höhe', /may hold letters/],
    ['a\n', /may hold letters/],
    ['end.', /must not end/],
    ['NUL', /Windows/],
    ['con.fig', /Windows/],
    ['Com1', /Windows/],
    ['x'.repeat(101), /100 characters long.* with 101/],
  ])('refuses %j', (name, problem) => expect(runNameProblem(name)).toMatch(problem));
});
