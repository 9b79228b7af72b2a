/**
 * The first points of Sobol's sequence in up to four dimensions: they fill a cube more evenly than random ones, and every
 * beginning of the sequence does. Direction numbers by Joe and Kuo (2008); the point at the origin is left out.
 */

/** Degree and inner coefficients of each dimension's primitive polynomial, and its first direction numbers; from the second dimension on. */
const DIMENSIONS = [
  { degree: 1, inner: 0, first: [1] },
  { degree: 2, inner: 1, first: [1, 3] },
  { degree: 3, inner: 1, first: [1, 3, 1] },
];

const BITS = 30;

/** Points in [0, 1)^dimensions. @throws RangeError for more than four dimensions */
export function sobolPoints(count: number, dimensions: number): number[][] {
  if (dimensions < 1 || dimensions > DIMENSIONS.length + 1)
    throw new RangeError(`Sobol's sequence is here for 1 to ${DIMENSIONS.length + 1} dimensions, not ${dimensions}`);
  const directions = Array.from({ length: dimensions }, (_, d) => directionNumbers(d));
  const state = new Array<number>(dimensions).fill(0);
  return Array.from({ length: count }, (_, n) => {
    // Gray code: the next point differs by the direction of the lowest bit of n that is 0.
    let bit = 0;
    while (n & (1 << bit)) bit++;
    return directions.map((numbers, d) => {
      state[d] = (state[d]! ^ numbers[bit]!) >>> 0;
      return state[d] / 2 ** BITS;
    });
  });
}

function directionNumbers(dimension: number): number[] {
  const numbers: number[] = [];
  if (dimension === 0) return Array.from({ length: BITS }, (_, i) => 2 ** (BITS - 1 - i));
  const { degree, inner, first } = DIMENSIONS[dimension - 1]!;
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      numbers.push(first[i]! * 2 ** (BITS - 1 - i));
      continue;
    }
    let value = numbers[i - degree]! ^ (numbers[i - degree]! >>> degree);
    for (let k = 1; k < degree; k++) if ((inner >>> (degree - 1 - k)) & 1) value ^= numbers[i - k]!;
    numbers.push(value >>> 0);
  }
  return numbers;
}
