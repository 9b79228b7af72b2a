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
  check: (numbers: Numbers) => { holds: boolean; seen: string } | undefined;
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

  /** Each method's mean over the prompts that all of them have; undefined where there is none. */
  means(section: string, name: string, methods: readonly string[]): number[] | undefined {
    const found = methods.map(
      (method) => new Map(this.of(section, name, method).map(({ prompt, value }) => [prompt, value])),
    );
    const shared = [...found[0]!.keys()].filter((prompt) => found.every((values) => values.has(prompt)));
    if (shared.length === 0) return undefined;
    return found.map((values) => shared.reduce((sum, prompt) => sum + values.get(prompt)!, 0) / shared.length);
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
    check: (numbers) =>
      compared(
        numbers,
        { section: 'table1', name: 'inference', methods: ['optimize', 'mapper', 'directions'], show: seconds },
        ([optimize, mapper, directions]) =>
          optimize > 10 * Math.max(mapper, directions) &&
          Math.max(mapper, directions) < 3 * Math.min(mapper, directions),
      ),
  },
  {
    says: 'Without the mapper of the fine layers an edit leaves more as it was (supplement A.1, figure 12).',
    rule: 'mean leak is lower without the fine mapper',
    check: (numbers) =>
      compared(
        numbers,
        { section: 'figure12', name: 'leak', methods: ['mapper (without fine)', 'mapper (all groups)'] },
        ([without, all]) => without < all,
      ),
  },
  {
    says: 'The identity loss keeps the person; a larger weight on the distance does not replace it (supplement, figure 14).',
    rule: 'mean identity is highest with the identity loss, also against twice the distance without it',
    check: (numbers) =>
      compared(
        numbers,
        {
          section: 'figure14',
          name: 'identity',
          methods: ['mapper (l2 0.8, id 0.1)', 'mapper (l2 0.8, id 0)', 'mapper (l2 1.6, id 0)'],
        },
        ([withId, without, twice]) => withId > without && withId > twice,
      ),
  },
  {
    says: 'Global directions are less entangled than GANSpace and InterFaceGAN (§7, figure 10).',
    rule: 'at the same change, mean leak of the global direction is below that of both',
    check: (numbers) =>
      compared(
        numbers,
        { section: 'figure10', name: 'leak', methods: ['directions', 'GANSpace', 'InterFaceGAN'] },
        ([own, ganspace, interfacegan]) => own < ganspace && own < interfacegan,
      ),
  },
  {
    says: 'Global directions are about as good as StyleSpace, which is told by examples what to look for (§7, figure 10).',
    rule: 'at the same change, mean leak is at most 0.05 above StyleSpace’s',
    check: (numbers) =>
      compared(
        numbers,
        { section: 'figure10', name: 'leak', methods: ['directions', 'StyleSpace'] },
        ([own, stylespace]) => own <= stylespace + 0.05,
      ),
  },
  {
    says: 'For common attributes mapper and global direction both do what is asked (§7, figure 9).',
    rule: 'mean hit of both is above 0.5',
    check: (numbers) =>
      compared(
        numbers,
        { section: 'measures', name: 'hit', methods: ['mapper', 'directions'] },
        ([mapper, directions]) => mapper > 0.5 && directions > 0.5,
      ),
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

/** A number of several methods. */
interface Compared<Methods extends readonly string[]> {
  section: string;
  name: string;
  methods: Methods;
  show?: (value: number) => string;
}

/** Methods' means over the prompts that they share, held against each other. */
function compared<const Methods extends readonly string[]>(
  numbers: Numbers,
  { section, name, methods, show = (value) => value.toFixed(3) }: Compared<Methods>,
  holds: (means: { [K in keyof Methods]: number }) => boolean,
): { holds: boolean; seen: string } | undefined {
  const means = numbers.means(section, name, methods);
  if (!means) return undefined;
  return {
    holds: holds(means as { [K in keyof Methods]: number }),
    seen: methods.map((method, i) => `${method} ${show(means[i]!)}`).join(', '),
  };
}

function list(values: readonly { prompt: string; value: number }[]): string {
  return values.map(({ prompt, value }) => `${prompt} ${value.toFixed(2)}`).join(', ');
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}
