import { describe, expect, it } from 'vitest';
import { addScaled, cosinesWith, officialStrength, styleStep, textStep, type Relevances } from './style-direction.js';

/** Five channels; the last never varies. */
const relevances: Relevances = {
  cosine: Float32Array.of(0.1, -0.4, 0.2, 0.05, 0.9),
  weight: Float32Array.of(0.1, -0.4, 0.2, 0.05, 0.9),
  std: Float32Array.of(1, 2, 3, 4, 0),
};

describe('textStep', () => {
  it('leads from neutral to target and has length 1', () => {
    expect(textStep(Float32Array.of(1, 0, 0), Float32Array.of(1, 3, 4))).toBeAllclose([0, 0.6, 0.8]);
  });
  it('says that two texts are the same', () => {
    expect(() => textStep(Float32Array.of(1, 0), Float32Array.of(1, 0))).toThrow(/same text to CLIP/);
  });
});

describe('cosinesWith', () => {
  it('is the product of each row with the step', () => {
    expect(cosinesWith(Float32Array.of(1, 0, 0, 1, 0.6, 0.8), Float32Array.of(0.6, 0.8))).toBeAllclose([0.6, 0.8, 1]);
  });
});

describe('styleStep', () => {
  it('keeps channels above beta, the strongest at its σ, with signs', () => {
    const { direction, channels, shares } = styleStep(relevances, { beta: 0.1 });
    expect(direction).toBeAllclose([0.25, -2, 1.5, 0, 0]);
    expect(channels).toEqual([1, 2, 0]);
    expect(shares).toBeAllclose([-1, 0.5, 0.25]);
  });

  it('keeps so many channels', () => {
    expect(styleStep(relevances, { topK: 2 }).direction).toBeAllclose([0, -2, 1.5, 0, 0]);
    expect(styleStep(relevances, { topK: 99 }).channels).toHaveLength(4);
  });

  it('orders and scales by weights, and holds beta against the cosine', () => {
    const weighed = { ...relevances, weight: Float32Array.of(0.2, -0.1, 0.1, 0, 9) };
    const { channels, direction } = styleStep(weighed, { beta: 0.1 });
    expect(channels).toEqual([0, 1, 2]);
    expect(direction).toBeAllclose([1, -1, 1.5, 0, 0]);
  });

  it('names the largest beta where none is left', () => {
    expect(() => styleStep(relevances, { beta: 0.5 })).toThrow(/beta 0.5 leaves no channel: .* is 0.4;/);
    expect(() => styleStep({ ...relevances, weight: new Float32Array(5) }, { beta: 0.5 })).toThrow(
      /no channel has anything/,
    );
    expect(styleStep(relevances, { beta: 0.4 }).channels).toEqual([1]);
  });
});

describe('officialStrength', () => {
  const many = (count: number, value: number): Float32Array => new Float32Array(count).fill(value);
  it('is the largest β of 0.10 … 0.29 with more than twenty channels', () => {
    expect(officialStrength(many(21, 0.175))).toEqual({ beta: 0.17, alpha: 3 });
    expect(officialStrength(many(21, -0.9))).toEqual({ beta: 0.29, alpha: 3 });
    expect(officialStrength(many(20, 0.175))).toEqual({ beta: 0.1, alpha: 3 });
  });
});

it('addScaled adds α·Δs', () => {
  expect(addScaled(Float32Array.of(1, 2), Float32Array.of(10, -1), 0.5)).toBeAllclose([6, 1.5]);
});
