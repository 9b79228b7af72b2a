/** Averages of unit vectors, with the mean length they had before: the rule by which pictures are joined to a direction. */

/** Shorter steps between unit features of float32 are rounding. */
const LEAST = 1e-6;

/** Sums unit vectors of `width` numbers, one sum a row. */
export class UnitSums {
  readonly sums: Float64Array;
  readonly lengths: Float64Array;
  private readonly counts: Float64Array;
  private readonly width: number;

  constructor(rows: number, width: number) {
    this.width = width;
    this.sums = new Float64Array(rows * width);
    this.lengths = new Float64Array(rows);
    this.counts = new Float64Array(rows);
  }

  /** Adds `step(i)`, i = 0 … width-1, brought to length 1, to a row. A step that is nothing counts with length 0. */
  add(row: number, step: (i: number) => number): void {
    let square = 0;
    for (let i = 0; i < this.width; i++) square += step(i) ** 2;
    const length = Math.sqrt(square);
    this.counts[row]!++;
    if (!(length > LEAST)) return;
    this.lengths[row]! += length;
    for (let i = 0; i < this.width; i++) this.sums[row * this.width + i]! += step(i) / length;
  }

  /** Each row's sum brought to length 1, and the mean length of what it was made from. */
  result(): { direction: Float32Array; magnitude: Float32Array } {
    return {
      direction: toUnitRows(this.sums, this.width),
      magnitude: Float32Array.from(this.lengths, (length, row) => length / Math.max(1, this.counts[row]!)),
    };
  }
}

/** Each row brought to length 1; rows of nothing stay 0. [n,width], row-major */
export function toUnitRows(rows: Float64Array, width: number): Float32Array {
  const unit = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += width) {
    let square = 0;
    for (let i = at; i < at + width; i++) square += rows[i]! ** 2;
    const length = Math.sqrt(square);
    if (length > LEAST) for (let i = at; i < at + width; i++) unit[i] = rows[i]! / length;
  }
  return unit;
}
