import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '../tensors/tf.js';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadBundle, readBundleInfo, sha256, updateBundle, writeBundlePart } from './bundle.js';
import { disposeAll } from '../tensors/weights.js';

const root = await mkdtemp(join(tmpdir(), 'bundle-'));
afterAll(async () => rm(root, { recursive: true }));

const dir = join(root, 'small');
const generator = { resolution: 64, zDim: 8, wDim: 8 };
const factors = [{ name: 'hair', values: ['short', 'long'] }];

beforeEach(async () => {
  await rm(dir, { recursive: true, force: true });
  const weights = { 'b4.const': tf.tensor([1, 2.5], [1, 1, 2]) };
  await writeBundlePart(dir, 'generator', weights, { ...generator, note: 'more' });
  await writeBundlePart(dir, 'attributes', weights, { factors });
  disposeAll(weights);
});

describe('bundles', () => {
  it('loads what was written, part by part', async () => {
    await updateBundle(dir, { licence: 'MIT', metrics: { a: 1 } });
    await updateBundle(dir, { metrics: { b: 2 } });
    const bundle = await loadBundle(dir);
    expect(bundle.info).toMatchObject({ formatVersion: 1, name: 'small', licence: 'MIT', metrics: { a: 1, b: 2 } });
    expect(bundle.info.generator).toMatchObject({
      ...generator,
      note: 'more',
      layerGroups: [4, 8],
      file: 'generator.safetensors',
      dtype: 'F16',
      parameters: 2,
    });
    expect(bundle.generator!['b4.const']!).toBeAllclose([1, 2.5]);
    expect(Object.keys(bundle).sort()).toEqual(['attributes', 'dir', 'generator', 'info']);
    const one = await loadBundle(dir, { parts: ['attributes'] });
    expect(one.generator).toBeUndefined();
    disposeAll(bundle.generator, bundle.attributes, one.attributes);
  });

  it('refuses a file whose hash differs, naming file and both hashes, and leaks nothing', async () => {
    const path = join(dir, 'generator.safetensors');
    const expected = await sha256(path);
    await appendFile(path, ' ');
    const before = tf.memory().numTensors;
    await expect(loadBundle(dir)).rejects.toThrow(
      `${path}: not the file that bundle.json describes: SHA-256 is ${await sha256(path)}, expected ${expected}`,
    );
    expect(tf.memory().numTensors).toBe(before);
    await rm(path);
    await expect(loadBundle(dir)).rejects.toThrow(`${path}: missing, though bundle.json lists it`);
  });

  it('reads a bundle.json that an editor gave a byte order mark, and says what is not UTF-8', async () => {
    const path = join(dir, 'bundle.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `\ufeff${text}`);
    expect((await readBundleInfo(dir)).name).toBe('small');
    await writeFile(path, text, 'utf16le');
    await expect(readBundleInfo(dir)).rejects.toThrow(/bundle\.json: looks like UTF-16/);
  });

  it('lists the bundles that there are when one is missing', async () => {
    await expect(loadBundle(join(root, 'tiny'))).rejects.toThrow(
      `${join(root, 'tiny')}: no bundle there, bundle.json is missing (bundles: `,
    );
    await expect(loadBundle(join(root, 'tiny'))).rejects.toThrow(dir);
    await expect(loadBundle(dir, { parts: ['clip'] })).rejects.toThrow(
      `${dir}: this bundle has no clip (it has: generator, attributes)`,
    );
  });

  it.each([
    ['{', 'not valid JSON'],
    [{ formatVersion: 2, name: 'x' }, 'formatVersion must be 1, got 2'],
    [{ formatVersion: 1 }, 'name is missing (it must be text)'],
    [
      {
        formatVersion: 1,
        name: 'x',
        generator: { ...generator, file: '../secret.safetensors', sha256: '0'.repeat(64) },
      },
      'generator.file: must be the name of a .safetensors file in the bundle',
    ],
    [
      { formatVersion: 1, name: 'x', generator: { ...generator, file: 'g.safetensors', sha256: 'x' } },
      'generator.sha256: must be 64 hexadecimal digits',
    ],
  ])('refuses a bundle.json such as %j', async (content, message) => {
    const bad = join(root, 'bad');
    await mkdir(bad, { recursive: true });
    await writeFile(join(bad, 'bundle.json'), typeof content === 'string' ? content : JSON.stringify(content));
    await expect(readBundleInfo(bad)).rejects.toThrow(`${join(bad, 'bundle.json')}: ${message}`);
  });

  it('checks what a writer says before it writes', async () => {
    const before = await readFile(join(dir, 'bundle.json'), 'utf8');
    const weights = { w: tf.scalar(1) };
    await expect(writeBundlePart(dir, 'generator', weights, { resolution: 0 } as never)).rejects.toThrow(
      'generator: resolution must be a positive integer, got 0; zDim is missing',
    );
    expect(await readFile(join(dir, 'bundle.json'), 'utf8')).toBe(before);
    disposeAll(weights);
  });
});
