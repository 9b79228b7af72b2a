/**
 * A check that can't fail checks nothing: here faults are put into core, and each must be found. They are faults that have been
 * made: a sign, an index, a seed.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Core from '@styleclip/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const fault = vi.hoisted(() => ({ is: 'none' as 'none' | 'sign' | 'index' | 'seed' }));

vi.mock('@styleclip/core', async (load) => {
  const core = await load<typeof Core>();
  return {
    ...core,
    // The CLIP loss with its sign turned.
    objective: (...args: Parameters<typeof Core.objective>) => {
      const terms = core.objective(...args);
      if (fault.is !== 'sign') return terms;
      const clip = core.tf.neg(terms.clip);
      return { ...terms, clip, total: core.tf.add(terms.total, core.tf.mul(clip, 2)) as Core.tf.Scalar };
    },
    // Every layer's channels begin one too late.
    styleSlots: (...args: Parameters<typeof Core.styleSlots>) =>
      core.styleSlots(...args).map((slot) => ({ ...slot, offset: slot.offset + (fault.is === 'index' ? 1 : 0) })),
    // A seed that nobody reads.
    sampledLatents: (...[generator, device, groups, options]: Parameters<typeof Core.sampledLatents>) =>
      core.sampledLatents(generator, device, groups, { ...options, seed: fault.is === 'seed' ? 0 : options.seed }),
  };
});

const { writeTinyBundle } = await import('@styleclip/core/testing');
const { compareNumbers, movedTable, readBaseline } = await import('./baseline.js');
const { regressSchema } = await import('./config.js');
const { regress } = await import('./regress.js');

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'eval-regress-'));
  await writeTinyBundle(join(dir, 'bundle'));
  await writeFile(
    join(dir, 'purple.yaml'),
    `name: purple
prompt: a person with purple hair
ask: { factor: hairColor, values: [purple] }
latents: { validation: 2, heldOut: 2 }
batch: 1
samples: 1
`,
  );
});
afterAll(() => rm(dir, { recursive: true }));
beforeEach(() => void (fault.is = 'none'));

function config(changes: object = {}) {
  return regressSchema.parse({
    bundle: join(dir, 'bundle'),
    prompt: join(dir, 'purple.yaml'),
    ...{ heldOut: 4, methods: [], mapper: { steps: 2 }, threads: 1, ...changes },
  });
}

const options = () => ({ baseline: join(dir, 'baseline.json'), say: () => {} });

describe('regress', () => {
  it('wants a baseline, writes one, and then finds nothing', async () => {
    await expect(regress(config(), options())).rejects.toThrow(/no baseline there; write one by --update/);
    const written = await regress(config(), { ...options(), update: true });
    expect(written.updated).toBe(true);
    const { moved, out } = await regress(config(), options());
    expect(out).toBe(0);
    expect(moved.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['latents/std', 'picture/mean', 'style/b8.conv0/0', 'loss/clip']),
    );
  });

  it.each([
    ['sign', 'loss/clip'],
    ['index', 'style/b8.conv1/0'],
    ['seed', 'latents/first/0'],
  ] as const)('fails for a fault of a %s', async (kind, number) => {
    fault.is = kind;
    const { moved, out } = await regress(config(), options());
    expect(out).toBeGreaterThan(0);
    expect(moved.filter((one) => one.out).map(({ name }) => name)).toContain(number);
  });

  it('is refused for other networks or settings than the baseline’s', async () => {
    await expect(regress(config({ seed: 2 }), options())).rejects.toThrow(/other settings \(seed\)/);
    await writeTinyBundle(join(dir, 'other'), { seed: 5 });
    await expect(regress(config({ bundle: join(dir, 'other') }), options())).rejects.toThrow(
      /other networks \(generator, clip, identity, attributes\)/,
    );
  });

  it('measures a mapper that it trains itself', async () => {
    const path = join(dir, 'mapper.json');
    await regress(config({ methods: ['mapper'] }), { ...options(), baseline: path, update: true });
    const { numbers } = (await readBaseline(path))!;
    expect(Object.keys(numbers)).toEqual(expect.arrayContaining(['mapper/hit', 'mapper/leak', 'mapper/identity']));
    expect((await regress(config({ methods: ['mapper'] }), { ...options(), baseline: path })).out).toBe(0);
  });

  it('says what is wrong with a baseline', async () => {
    const path = join(dir, 'damaged.json');
    await writeFile(path, '{"formatVersion": 1, "numbers": {');
    await expect(regress(config(), { ...options(), baseline: path })).rejects.toThrow(/damaged\.json: not a baseline/);
    expect(await readFile(path, 'utf8')).toContain('"formatVersion": 1');
  });
});

describe('compareNumbers', () => {
  const before = { a: { value: 1, band: 0.1 }, b: { value: 2, band: 0.1 }, gone: { value: 3, band: 1 } };
  const now = { a: { value: 1.05, band: 9 }, b: { value: 2.2, band: 9 }, fresh: { value: 4, band: 1 } };

  it('goes by the committed bands, and counts what is new or gone', () => {
    const moved = compareNumbers(before, now);
    expect(moved.map(({ name, out }) => [name, out])).toEqual([
      ['a', false],
      ['b', true],
      ['fresh', true],
      ['gone', true],
    ]);
    expect(compareNumbers(before, { ...before, a: { value: NaN, band: 9 } })[0]!.out).toBe(true);
  });

  it('is a table with what is out at the top', () => {
    const lines = movedTable(compareNumbers(before, now)).split('\n');
    expect(lines[1]).toMatch(/^! +b +2\.0000 +2\.2000 +2\.00e-1 +±0\.1$/);
    expect(lines.at(-1)).toMatch(/^ +a +1\.0000/);
  });
});
