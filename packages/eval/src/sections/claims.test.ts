import { describe, expect, it } from 'vitest';
import type { NumberRow } from '../page/section.js';
import { claimsSection, judgeClaims } from './claims.js';

const row = (section: string, method: string, name: string, value: number, prompt = 'p'): NumberRow => ({
  ...{ section, method, prompt, name, value },
  job: 'j',
});

const verdictOf = (rows: NumberRow[], says: RegExp) =>
  judgeClaims(rows).find((claim) => says.test(claim.says))!.verdict;

describe('judgeClaims', () => {
  it('leaves open what has no numbers', () => {
    expect(judgeClaims([]).every(({ verdict }) => verdict === 'open')).toBe(true);
    expect(verdictOf([row('table1', 'mapper', 'inference', 0.01)], /longest/)).toBe('open');
  });

  it('judges every claim both ways', () => {
    const cosines = (value: number) => [
      row('table2', 'mapper', 'all', 0.8),
      row('table2', 'mapper', 'all', value, 'q'),
    ];
    expect(verdictOf(cosines(0.7), /much alike/)).toBe('holds');
    expect(verdictOf(cosines(0.3), /much alike/)).toBe('does not hold');
    expect(verdictOf(cosines(0.999), /not the same/)).toBe('does not hold');

    const times = (optimize: number) => [
      row('table1', 'optimize', 'inference', optimize),
      row('table1', 'mapper', 'inference', 0.01),
      row('table1', 'directions', 'inference', 0.012),
    ];
    expect(verdictOf(times(5), /longest/)).toBe('holds');
    expect(verdictOf(times(0.05), /longest/)).toBe('does not hold');

    const fine = (without: number) => [
      row('figure12', 'mapper (without fine)', 'leak', without),
      row('figure12', 'mapper (all groups)', 'leak', 0.1),
    ];
    expect(verdictOf(fine(0.05), /fine layers/)).toBe('holds');
    expect(verdictOf(fine(0.2), /fine layers/)).toBe('does not hold');

    const identity = (twice: number) => [
      row('figure14', 'mapper (l2 0.8, id 0.1)', 'identity', 0.9),
      row('figure14', 'mapper (l2 0.8, id 0)', 'identity', 0.5),
      row('figure14', 'mapper (l2 1.6, id 0)', 'identity', twice),
    ];
    expect(verdictOf(identity(0.6), /keeps the person/)).toBe('holds');
    expect(verdictOf(identity(0.95), /keeps the person/)).toBe('does not hold');

    const leaks = (own: number) => [
      row('figure10', 'directions', 'leak', own),
      row('figure10', 'GANSpace', 'leak', 0.2),
      row('figure10', 'InterFaceGAN', 'leak', 0.1),
      row('figure10', 'StyleSpace', 'leak', 0.05),
    ];
    expect(verdictOf(leaks(0.05), /less entangled/)).toBe('holds');
    expect(verdictOf(leaks(0.15), /less entangled/)).toBe('does not hold');
    expect(verdictOf(leaks(0.15), /as good as StyleSpace/)).toBe('does not hold');

    const hits = [row('measures', 'mapper', 'hit', 0.9), row('measures', 'directions', 'hit', 0.4)];
    expect(verdictOf(hits, /common attributes/)).toBe('does not hold');
  });

  it('compares methods over the prompts that they share', () => {
    const leak = (method: string, value: number, prompt: string) => row('figure10', method, 'leak', value, prompt);
    const rows = [
      ...[leak('directions', 0.1, 'p'), leak('StyleSpace', 0.2, 'p')],
      // On a prompt that only one of them has, however bad it is there.
      leak('directions', 0.9, 'q'),
    ];
    expect(verdictOf(rows, /as good as StyleSpace/)).toBe('holds');
    expect(verdictOf([leak('directions', 0.1, 'p'), leak('StyleSpace', 0.2, 'q')], /as good as StyleSpace/)).toBe(
      'open',
    );
  });

  it('makes a table of it', () => {
    const { tables } = claimsSection([]);
    expect(tables[0]!.rows.length).toBe(judgeClaims([]).length);
  });
});
