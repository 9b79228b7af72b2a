/**
 * What the paper claims, held to this report's numbers: each claim as a rule that the numbers keep or break. A claim whose
 * numbers are not there is open, not kept.
 */
import type { NumberRow, Section } from '../page/section.js';

export type Verdict = 'holds' | 'does not hold' | 'open';

interface Claim {
  /** What the paper says, in our words, and where. */
  says: string;
  /** How it is decided here. */
  rule: string;
  /** undefined where numbers are missing; a line of numbers otherwise. */
  check(numbers: Numbers): { holds: boolean; seen: string } | undefined;
}

/** Numbers that can be asked for. */
export class Numbers {
  private readonly rows: readonly NumberRow[];

  constructor(rows: readonly NumberRow[]) {
    this.rows = rows;
  }

  /** All values of a number, by prompt; `method` may be left out where a section has one. */
  of(section: string, name: string, method?: string): { prompt: string; value: number }[] {
    return this.rows
      .filter((row) => row.section === section && row.name === name && (method === undefined || row.method === method))
      .map(({ prompt, value }) => ({ prompt, value }));
  }

  /** The mean over prompts; undefined where there is none. */
  mean(section: string, name: string, method?: string): number | undefined {
    const values = this.of(section, name, method).map(({ value }) => value);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  }
}

const CLAIMS: readonly Claim[] = [
  {
    says: 'The mapper’s steps for different pictures are much alike (§5, Table 2: 0.73 to 0.84), which is why one direction for all pictures is worth looking for.',
    rule: 'every prompt’s mean cosine over all layers is above 0.5',
    check(numbers) {
      const cosines = numbers.of('table2', 'all');
      if (cosines.length === 0) return undefined;
      return { holds: cosines.every(({ value }) => value > 0.5), seen: list(cosines) };
    },
  },
  {
    says: 'Yet they are not the same: a mapper adapts its step to the picture (§5).',
    rule: 'no prompt’s mean cosine over all layers is above 0.99',
    check(numbers) {
      const cosines = numbers.of('table2', 'all');
      if (cosines.length === 0) return undefined;
      return { holds: cosines.every(({ value }) => value <= 0.99), seen: list(cosines) };
    },
  },
  {
    says: 'Optimization takes by far the longest for a picture; mapper and global direction take about as long as each other (Table 1).',
    rule: 'a picture by optimization takes more than 10 times as long as by either, and these two differ by less than 3 times',
    check(numbers) {
      const [optimize, mapper, directions] = ['optimize', 'mapper', 'directions'].map((method) =>
        numbers.mean('table1', 'inference', method),
      );
      if (optimize === undefined || mapper === undefined || directions === undefined) return undefined;
      const ratio = Math.max(mapper, directions) / Math.min(mapper, directions);
      return {
        holds: optimize > 10 * Math.max(mapper, directions) && ratio < 3,
        seen: `${seconds(optimize)}, ${seconds(mapper)}, ${seconds(directions)}`,
      };
    },
  },
  {
    says: 'Without the mapper of the fine layers an edit leaves more as it was (supplement A.1, figure 12).',
    rule: 'mean leak is lower without the fine mapper',
    check: (numbers) =>
      compared(numbers, 'figure12', 'leak', ['mapper (without fine)', 'mapper (all groups)'], (a, b) => a < b),
  },
  {
    says: 'The identity loss keeps the person; a larger weight on the distance does not replace it (supplement, figure 14).',
    rule: 'mean identity is highest with the identity loss, also against twice the distance without it',
    check(numbers) {
      const [withId, without, twice] = [
        'mapper (l2 0.8, id 0.1)',
        'mapper (l2 0.8, id 0)',
        'mapper (l2 1.6, id 0)',
      ].map((method) => numbers.mean('figure14', 'identity', method));
      if (withId === undefined || without === undefined || twice === undefined) return undefined;
      return {
        holds: withId > without && withId > twice,
        seen: [withId, without, twice].map((x) => x.toFixed(3)).join(', '),
      };
    },
  },
  {
    says: 'Global directions are less entangled than GANSpace and InterFaceGAN (§7, figure 10).',
    rule: 'at the same change, mean leak of the global direction is below that of both',
    check(numbers) {
      const leaks = ['directions', 'GANSpace', 'InterFaceGAN'].map((method) =>
        numbers.mean('figure10', 'leak', method),
      );
      const [own, ganspace, interfacegan] = leaks;
      if (own === undefined || ganspace === undefined || interfacegan === undefined) return undefined;
      return { holds: own < ganspace && own < interfacegan, seen: leaks.map((leak) => leak!.toFixed(3)).join(', ') };
    },
  },
  {
    says: 'Global directions are about as good as StyleSpace, which is told by examples what to look for (§7, figure 10).',
    rule: 'at the same change, mean leak is at most 0.05 above StyleSpace’s',
    check: (numbers) => compared(numbers, 'figure10', 'leak', ['directions', 'StyleSpace'], (a, b) => a <= b + 0.05),
  },
  {
    says: 'For common attributes mapper and global direction both do what is asked (§7, figure 9).',
    rule: 'mean hit of both is above 0.5',
    check: (numbers) => compared(numbers, 'measures', 'hit', ['mapper', 'directions'], (a, b) => a > 0.5 && b > 0.5),
  },
];

/** What came of each claim. */
export function judgeClaims(
  rows: readonly NumberRow[],
): { says: string; rule: string; verdict: Verdict; seen: string }[] {
  const numbers = new Numbers(rows);
  return CLAIMS.map(({ says, rule, check }) => {
    const found = check(numbers);
    const verdict: Verdict = found ? (found.holds ? 'holds' : 'does not hold') : 'open';
    return { says, rule, verdict, seen: found?.seen ?? 'its numbers are not in this report' };
  });
}

/** The checklist, from the numbers of all other sections. */
export function claimsSection(rows: readonly NumberRow[]): Section {
  const judged = judgeClaims(rows);
  return {
    name: 'claims',
    title: 'The paper’s claims',
    text: [
      'Each claim with the rule by which it is decided on this report’s numbers. A claim that holds here holds in this world, on these networks; one that does not says where this world differs, or that the paper’s pictures showed its best cases.',
    ],
    tables: [
      {
        caption: 'Claims',
        head: ['claim', 'verdict', 'rule here', 'numbers'],
        rows: judged.map(({ says, rule, verdict, seen }) => [says, verdict, rule, seen]),
      },
    ],
    figures: [],
    numbers: [],
    missing: [],
    differs: ['The paper supports most of its claims by pictures; the rules are ours.'],
  };
}

/** Two methods' means held against each other. */
function compared(
  numbers: Numbers,
  section: string,
  name: string,
  [first, second]: readonly [string, string],
  holds: (a: number, b: number) => boolean,
): { holds: boolean; seen: string } | undefined {
  const [a, b] = [numbers.mean(section, name, first), numbers.mean(section, name, second)];
  if (a === undefined || b === undefined) return undefined;
  return { holds: holds(a, b), seen: `${first} ${a.toFixed(3)}, ${second} ${b.toFixed(3)}` };
}

function list(values: readonly { prompt: string; value: number }[]): string {
  return values.map(({ prompt, value }) => `${prompt} ${value.toFixed(2)}`).join(', ');
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}
