/** Prompts out of a folder of configurations. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedPrompts } from './asked-prompts.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prompts-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('askedPrompts', () => {
  it('reads the configurations of this repository, each prompt once', async () => {
    const prompts = await askedPrompts('configs/avatars');
    expect(prompts.length).toBeGreaterThanOrEqual(8);
    expect(new Set(prompts.map(({ prompt }) => prompt)).size).toBe(prompts.length);
    expect(prompts).toContainEqual({
      prompt: 'a person with a beard',
      neutral: 'a person',
      factor: 'beard',
      values: ['short', 'full'],
    });
  });

  it('passes over prompts that ask for nothing, and refuses what this world does not have', async () => {
    await writeFile(join(dir, 'a.yaml'), 'prompt: a person\n');
    await writeFile(join(dir, 'report.yaml'), 'prompts: [a.yaml]\n');
    expect(await askedPrompts(dir)).toEqual([]);
    await writeFile(join(dir, 'b.yaml'), 'prompt: a horse\nask: { factor: hair, values: [mane] }\n');
    await expect(askedPrompts(dir)).rejects.toThrow(/b\.yaml: ask: "hair" has no value "mane"; it has bald/);
    await expect(askedPrompts(join(dir, 'none'))).rejects.toThrow(/no folder of configurations/);
  });
});
