/** The table itself: what every entry must say, and what the command prints of it. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importLine } from './import-line.js';
import { KNOWN_FILES } from './known-files.js';
import { listKnownFiles } from './list-known-files.js';

const https = z.url({ protocol: /^https$/ });
const digits = (n: number) => z.string().regex(new RegExp(`^[0-9a-f]{${n}}$`));
const schema = z.strictObject({
  file: z.string().regex(/^[\w-][\w.-]*\.(pkl|pt|pth|npy|bin|safetensors)$/),
  origins: z.array(
    z.union([
      z.strictObject({ url: https }),
      z.strictObject({ repository: z.string().regex(/^[\w-]+\/[\w.-]+$/), file: z.string().min(1) }),
    ]),
  ),
  byHand: https.optional(),
  bytes: z.number().int().positive().optional(),
  proof: z.union([
    z.literal('unknown'),
    z.strictObject({ sha256: digits(64) }),
    z.strictObject({ gitBlob: digits(40) }),
  ]),
  licence: z.strictObject({ name: z.string().min(3), url: https, accept: z.boolean() }),
  use: z.enum(['generator', 'clip', 'identity', 'mapper', 'latents', 'directions', 'nothing']),
  what: z.string().min(10),
});

describe('the table of known files', () => {
  it.each(Object.entries(KNOWN_FILES.files))('says all that is needed of %s', (name, file) => {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    schema.parse(file);
    expect(file.origins.length > 0).toBe(file.byHand === undefined);
  });

  it('has no name twice, and sets of files that can be fetched', () => {
    const names = Object.keys(KNOWN_FILES.files);
    for (const [set, members] of Object.entries(KNOWN_FILES.sets)) {
      expect(names).not.toContain(set);
      for (const member of members) expect(KNOWN_FILES.files[member]?.origins.length).toBeGreaterThan(0);
      const uses = members.map((member) => KNOWN_FILES.files[member]?.use);
      expect(new Set(uses).size).toBe(uses.length);
    }
    expect(KNOWN_FILES.sets['ffhq']).toEqual(['ffhq-config-f', 'clip-vit-b-32', 'identity-ir-se50']);
  });

  it("has OpenAI's hash in OpenAI's address", () => {
    const file = KNOWN_FILES.files['clip-vit-b-32']!;
    const sha256 = '40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af';
    expect(file.proof).toEqual({ sha256 });
    expect(file.origins).toEqual([{ url: `https://openaipublic.azureedge.net/clip/models/${sha256}/ViT-B-32.pt` }]);
  });

  it('is listed whole', () => {
    const text = listKnownFiles(KNOWN_FILES);
    for (const name of Object.keys(KNOWN_FILES.files)) expect(text).toContain(` ${name} `);
    expect(text).toMatch(/^ {2}ffhq +ffhq-config-f \+ clip-vit-b-32 \+ identity-ir-se50$/m);
    expect(text).toMatch(/^\* ffhq-config-f +StyleGAN2 config-f, ffhq 1024².*\(381\.7 MB\)$/m);
    expect(text).toMatch(/by hand/);
  });
});

describe('importLine', () => {
  const line = (...names: string[]) =>
    importLine(
      'it',
      names.map((name) => ({ name, path: `/c/${name}` })),
      KNOWN_FILES,
    );

  it('names the option for every file', () => {
    expect(line('ffhq-config-f', 'clip-vit-b-32', 'identity-ir-se50')).toBe(
      'npx nx run checkpoints:import --generator /c/ffhq-config-f --clip /c/clip-vit-b-32 --identity /c/identity-ir-se50 --to models/it',
    );
    expect(line('latents-celebrities')).toBe(
      'npx nx run checkpoints:import --latents /c/latents-celebrities --to datasets/it.safetensors',
    );
    expect(line('directions-ffhq')).toContain('--directions /c/directions-ffhq --statistics S_mean_std');
    expect(line('e4e-ffhq')).toBeUndefined();
  });

  it('quotes a path with a space', () => {
    expect(importLine('it', [{ name: 'clip-vit-b-32', path: "/my cache/it's.pt" }], KNOWN_FILES)).toContain(
      `--clip '/my cache/it'\\''s.pt'`,
    );
  });
});
