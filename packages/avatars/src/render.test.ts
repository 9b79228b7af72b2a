import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { factor, FACTORS, valueIndex, type Avatar, type FactorName } from './factors.js';
import { renderAvatar } from './render.js';
import { avatarNumber } from './sample.js';
import { visible } from './visible.js';

const SIZE = 64;

/** How many pixels differ by more than a shade (24 of 255) in some channel. Behind a fringe, brows may differ by a few only. */
function changedPixels(a: Uint8Array, b: Uint8Array): number {
  let changed = 0;
  for (let i = 0; i < a.length; i += 3) {
    if (Math.abs(a[i]! - b[i]!) > 24 || Math.abs(a[i + 1]! - b[i + 1]!) > 24 || Math.abs(a[i + 2]! - b[i + 2]!) > 24)
      changed++;
  }
  return changed;
}

describe('render', () => {
  it('draws the same bytes every time', () => {
    const hash = createHash('sha256');
    for (let i = 0; i < 40; i++) hash.update(renderAvatar(avatarNumber(i, 5), SIZE));
    // Made with this code and the locked versions of DiceBear and resvg; changes only when the pictures do.
    expect(hash.digest('hex').slice(0, 16)).toBe('a3fa5fb9eade5c8b');
  });

  it('draws any size', () => {
    expect(renderAvatar(avatarNumber(0, 1), 32)).toHaveLength(32 * 32 * 3);
    expect(renderAvatar(avatarNumber(0, 1), 200)).toHaveLength(200 * 200 * 3);
  });

  it('shows every value where the factor is visible, and nothing of it where it is hidden', () => {
    const hiding: Partial<Avatar>[] = [
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      { hair: valueIndex('hair', 'hijab') },
      { hair: valueIndex('hair', 'bald'), beard: 0 },
      { hair: valueIndex('hair', 'turban'), glasses: valueIndex('glasses', 'shades') },
      { glasses: valueIndex('glasses', 'sunglasses') },
    ];
    const hidden = new Set<FactorName>();
    hiding.forEach((change, i) => {
      const avatar = { ...avatarNumber(i, 6), ...change };
      for (const { name, values } of FACTORS) {
        const isVisible = visible(avatar, name);
        if (!isVisible) hidden.add(name);
        // A value may hide its own factor from sight (no beard, no hair colour): compare those that are alike in this.
        const shown = values
          .map((_, value) => ({ ...avatar, [name]: value }))
          .filter((a) => visible(a, name) === isVisible);
        const pictures = shown.map((a) => renderAvatar(a, SIZE));
        const differences = pictures.flatMap((a, n) => pictures.slice(0, n).map((b) => changedPixels(a, b)));
        const label = `avatar ${i}: ${name}`;
        if (isVisible) expect(Math.min(...differences), label).toBeGreaterThan(0);
        else expect(Math.max(...differences), label).toBe(0);
      }
    });
    expect([...hidden].sort()).toEqual(['beard', 'clothing', 'eyes', 'hairColor']);
  });

  it('shows brows and eyes clearly on the plainest avatar of every skin', () => {
    for (const skin of factor('skin').values.keys()) {
      const plain: Avatar = { ...avatarNumber(0, 1), hair: valueIndex('hair', 'short'), glasses: 0, beard: 0, skin };
      for (const name of ['eyes', 'brows', 'mouth'] as const) {
        const pictures = factor(name).values.map((_, value) => renderAvatar({ ...plain, [name]: value }, SIZE));
        for (let a = 1; a < pictures.length; a++) expect(changedPixels(pictures[a]!, pictures[0]!)).toBeGreaterThan(10);
      }
    }
  });
});
