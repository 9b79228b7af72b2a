/** What becomes of the bundle's folder: one part after another, never half a one, never over one that is there. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { loadBundle, readBundleInfo, UserError } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { importBundle } from './import-bundle.js';
import { fixture, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();
const generator = fixture('nvidia-tf-small.pkl');
const clip = fixture('clip-tiny-jit.pt');
const identity = fixture('identity-small.pth');

describe('importBundle', () => {
  it('makes a whole bundle with its card, and reports progress in bytes', async () => {
    const progress: number[] = [];
    let total = 0;
    const parts = await importBundle({
      files: { generator, clip, identity },
      to: at('all'),
      onProgress: (done, all) => void (progress.push(done), (total = all)),
    });
    expect(parts.map(({ kind, layout }) => [kind, layout])).toEqual([
      ['generator', 'NVIDIA StyleGAN2 (TensorFlow)'],
      ['clip', 'OpenAI CLIP'],
      ['identity', 'ArcFace IR-SE'],
    ]);
    expect(progress.at(-1)).toBe(total);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    expect((await readdir(at('all'))).sort()).toEqual([
      'README.md',
      'bundle.json',
      'clip.safetensors',
      'generator.safetensors',
      'identity.safetensors',
    ]);
    const { info } = await loadBundle(at('all'));
    expect(info.name).toBe('all');
    expect(info.licence).toContain('generator: networks published by NVIDIA are under');
    const provenance = info.provenance as Record<string, { file: string; sha256: string }>;
    expect(provenance['clip']).toMatchObject({
      file: 'clip-tiny-jit.pt',
      layout: 'OpenAI CLIP',
      format: 'torchscript',
    });
    const card = await readFile(at('all/README.md'), 'utf8');
    expect(card).toContain(provenance['identity']!.sha256);
    expect(card).toContain('non-commercial');
  });

  it('adds parts to a bundle, and keeps what a person wrote into the card', async () => {
    const to = at('grown');
    await importBundle({ files: { generator }, to });
    const card = await readFile(at('grown/README.md'), 'utf8');
    await writeFile(at('grown/README.md'), `${card}\n## Mine\n`);
    await importBundle({ files: { clip }, to });
    const { info } = await loadBundle(to, { parts: ['generator', 'clip'] });
    expect(Object.keys(info.provenance)).toEqual(['generator', 'clip']);
    const grown = await readFile(at('grown/README.md'), 'utf8');
    expect(grown).toContain('## Mine');
    expect(grown.match(/## Sources/g)).toHaveLength(1);
    expect(grown).toContain('clip-tiny-jit.pt');
  });

  it('does not replace a part unless it is told to', async () => {
    const to = at('kept');
    await importBundle({ files: { generator }, to });
    const before = await readFile(at('kept/bundle.json'), 'utf8');
    await expect(importBundle({ files: { generator, clip }, to })).rejects.toThrow(
      'there is a generator already; import into another folder, or replace it by --force',
    );
    expect(await readFile(at('kept/bundle.json'), 'utf8')).toBe(before);
    expect(await readdir(at('kept'))).not.toContain('clip.safetensors');
    await importBundle({ files: { generator: fixture('nvidia-ada-clamp.pkl') }, to, force: true, half: true });
    expect((await readBundleInfo(to)).generator).toMatchObject({ zDim: 12, dtype: 'F16' });
    await loadBundle(to);
  });

  it('leaves nothing behind when it fails or is stopped', async () => {
    await mkdir(at('sub'));
    const damaged = at('damaged.pth');
    await writeFile(damaged, (await readFile(identity)).subarray(0, 60_000));
    await expect(importBundle({ files: { generator, identity: damaged }, to: at('sub/none') })).rejects.toThrow(
      UserError,
    );
    const stop = new AbortController();
    const stopped = importBundle({
      files: { generator },
      to: at('sub/none'),
      signal: stop.signal,
      onProgress: (done) => done > 60_000 && stop.abort(),
    });
    await expect(stopped).rejects.toThrow('stopped; nothing was changed');
    expect(await readdir(at('sub'))).toEqual([]);
  });

  it('says what a file is when it was given as something else', async () => {
    await expect(importBundle({ files: { clip: generator }, to: at('x') })).rejects.toThrow(
      'nvidia-tf-small.pkl: holds a generator (NVIDIA StyleGAN2 (TensorFlow)), not a clip; give it by --generator',
    );
    await expect(importBundle({ files: { generator: clip }, to: at('x') })).rejects.toThrow('give it by --clip');
    await expect(importBundle({ files: { mapper: identity }, to: at('x') })).rejects.toThrow('give it by --identity');
    await expect(importBundle({ files: {}, to: at('x') })).rejects.toThrow('say what to import');
    await expect(importBundle({ files: { mapper: generator, generator }, to: at('x') })).rejects.toThrow(
      'leave --generator out',
    );
  });

  it('does not write over a file, nor where it may not', async () => {
    await writeFile(at('taken'), 'x');
    await expect(importBundle({ files: { identity }, to: at('taken') })).rejects.toThrow('taken: is not a folder');
    const below = importBundle({ files: { identity }, to: at('taken/below') });
    await expect(below).rejects.toThrow(/taken\/below: can't be written: E/);
    await expect(below).rejects.toThrow(UserError);
  });

  it('says what is there when it knows none of it', async () => {
    const latents = fixture('latents.pt');
    await expect(importBundle({ files: { generator: latents }, to: at('x') })).rejects.toThrow(
      /no generator that is known \(rosinality StyleGAN2, .*\); it is one tensor \[.*\]; latents go by --latents/,
    );
    await expect(importBundle({ files: { identity: fixture('torch-files.pt') }, to: at('x') })).rejects.toThrow(
      /its \d+ tensors are called "/,
    );
    await expect(importBundle({ files: { clip: at('missing.pt') }, to: at('x') })).rejects.toThrow('no such file');
  });
});
