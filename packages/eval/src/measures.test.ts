import { normalArray, Random, scoreEdit } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { measureSeen } from './measures.js';
import { firstSeen, joinSeen, readingsOf, type Rows, type Seen } from './seen.js';

const factors = [
  { name: 'hair', values: ['bald', 'short', 'long'] },
  { name: 'mouth', values: ['smile', 'open'] },
  { name: 'skin', values: ['pale', 'dark'] },
];

function unit({ data, width }: Rows): Rows {
  const rows = data.slice();
  for (let at = 0; at < rows.length; at += width) {
    const length = Math.sqrt(rows.subarray(at, at + width).reduce((sum, value) => sum + value * value, 0));
    for (let i = at; i < at + width; i++) rows[i]! /= length;
  }
  return { data: rows, width };
}

/** What might have been seen of some pictures. */
function seen(seed: number, count = 40): Seen {
  const random = new Random(seed);
  const rows = (name: string, width: number): Rows => ({ data: normalArray(random.fork(name), count * width), width });
  return {
    count,
    clip: unit(rows('clip', 8)),
    face: unit(rows('face', 5)),
    features: rows('features', 3),
    logits: { hair: rows('hair', 3), mouth: rows('mouth', 2), skin: rows('skin', 2) },
  };
}

const text = unit({ data: normalArray(new Random(9), 8), width: 8 });
const prompt = { ask: { factor: 'hair', values: ['short', 'long'] }, ignore: ['skin'] };
const options = { text, prompt, factors, seed: 1, draws: 200 };

describe('measureSeen', () => {
  it('counts as core does, and looks row by row as a slow reader would', () => {
    const [before, after] = [seen(1), seen(2)];
    const measured = measureSeen(before, after, options);
    const score = scoreEdit(readingsOf(before), readingsOf(after), {
      factor: 'hair',
      values: [1, 2],
      ignore: ['skin'],
    });
    expect(measured.hit!.mean).toBeCloseTo(score.hit, 10);
    expect(measured.hitBefore).toBe(score.hitBefore);
    expect(measured.leak!.mean).toBeCloseTo(score.leak, 10);
    expect(Object.keys(measured.leakByFactor!)).toEqual(['mouth']);

    let [identity, gain, distance] = [0, 0, 0];
    for (let i = 0; i < 40; i++) {
      for (let k = 0; k < 5; k++) identity += (before.face!.data[i * 5 + k]! * after.face!.data[i * 5 + k]!) / 40;
      for (let k = 0; k < 8; k++)
        gain += ((after.clip.data[i * 8 + k]! - before.clip.data[i * 8 + k]!) * text.data[k]!) / 40;
      let square = 0;
      for (let k = 0; k < 3; k++) square += (after.features!.data[i * 3 + k]! - before.features!.data[i * 3 + k]!) ** 2;
      distance += Math.sqrt(square) / 40;
    }
    expect(measured.identity!.mean).toBeCloseTo(identity, 6);
    expect(measured.clipGain.mean).toBeCloseTo(gain, 6);
    expect(measured.distance!.mean).toBeCloseTo(distance, 6);
    expect(measured.hit!.low).toBeLessThan(measured.hit!.high);
  });

  it('finds nothing where nothing was edited', () => {
    const { leak, identity, clipGain, distance, frechet } = measureSeen(seen(1), seen(1), options);
    expect([leak!.mean, clipGain.mean, distance!.mean]).toEqual([0, 0, 0]);
    expect(identity!.mean).toBeCloseTo(1, 5);
    expect(frechet).toBeLessThan(1e-5);
  });

  it('leaves out what no network can tell, or nobody asked', () => {
    const [{ clip, count }, { clip: other }] = [seen(1), seen(2)];
    expect(measureSeen({ clip, count }, { clip: other, count }, options)).toMatchObject({
      ...{ hit: null, leak: null, identity: null, distance: null, frechet: null },
      latents: 40,
    });
    expect(measureSeen(seen(1), seen(2), { ...options, prompt: { ignore: [] } }).hit).toBeNull();
    expect(() =>
      measureSeen(seen(1), seen(2), { ...options, prompt: { ask: { factor: 'hair', values: ['mane'] }, ignore: [] } }),
    ).toThrow(/hair has no value mane/);
  });
});

describe('looks in parts', () => {
  it('are the same as one look', () => {
    const whole = seen(3, 7);
    const part = (from: number, to: number): Seen => {
      const cut = ({ data, width }: Rows): Rows => ({ data: data.slice(from * width, to * width), width });
      return {
        ...{ count: to - from, clip: cut(whole.clip), face: cut(whole.face!), features: cut(whole.features!) },
        logits: Object.fromEntries(Object.entries(whole.logits!).map(([name, rows]) => [name, cut(rows)])),
      };
    };
    expect(joinSeen([part(0, 3), part(3, 7)])).toEqual(whole);
    expect(readingsOf(firstSeen(whole, 3))).toEqual(readingsOf(part(0, 3)));
  });
});
