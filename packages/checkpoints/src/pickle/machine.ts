/**
 * The machine that a pickle is a program for: a stack, marks on it, and a memo of values to be used again.
 *
 * It is the reader's bookkeeping and knows no opcode. What a value costs is counted here: opcodes, containers, open
 * marks, copied bytes (limits.ts says why so many). The memo is numbered by the file; Python counts up from 0, leaving
 * out at most what nothing refers to, so no honest number exceeds the opcodes before it, and none may.
 */
import { failure, type UserError } from '@styleclip/core';
import type { PickleInput } from './input.js';
import { COPY_ALLOWANCE, MAX_CONTAINERS, MAX_DEPTH, MAX_NUMBER_KEYS, MAX_OPCODES } from './limits.js';
import type { PyValue } from './values.js';

export class Machine {
  readonly input: PickleInput;
  private readonly stack: PyValue[] = [];
  /** Heights of the stack where a mark was set; nothing below the last one can be popped. */
  private readonly marks: number[] = [];
  private readonly memo: (PyValue | undefined)[] = [];
  /** Values in the memo, which is what MEMOIZE counts. */
  private memoized = 0;
  /** Values that BUILD will replace, and where in the memo they are. */
  private readonly unfilled = new Map<PyValue, number | undefined>();
  private opcodes = 0;
  private containers = 0;
  private copied = 0;
  private numberKeys = 0;

  constructor(input: PickleInput) {
    this.input = input;
  }

  bad(what: string): UserError {
    return this.input.bad(what);
  }

  /** An error about what the file asks for, rather than about its form. */
  refused(what: string): UserError {
    return failure(`${this.input.name}: refused: ${what}`);
  }

  countOpcode(): void {
    if (++this.opcodes > MAX_OPCODES) throw this.refused(`it has more than ${MAX_OPCODES} instructions`);
  }

  /** To be called for each list, dict, set, tuple and object that is made. */
  countContainer(): void {
    if (++this.containers > MAX_CONTAINERS) throw this.refused(`it makes more than ${MAX_CONTAINERS} lists and dicts`);
  }

  /** To be called before `bytes` bytes are copied: calls can name one long string many times. */
  countCopy(bytes: number): void {
    this.copied += bytes;
    if (this.copied > 2 * this.input.size + COPY_ALLOWANCE)
      throw this.refused(`it copies more than twice its ${this.input.size} bytes`);
  }

  /** To be called for each key of a dict. */
  countKey(key: PyValue): void {
    if (!isNumberLike(key)) return;
    if (++this.numberKeys > MAX_NUMBER_KEYS)
      throw this.refused(`its dicts have more than ${MAX_NUMBER_KEYS} keys that are numbers`);
  }

  push(value: PyValue): void {
    this.stack.push(value);
  }

  private get floor(): number {
    return this.marks.at(-1) ?? 0;
  }

  pop(what: string): PyValue {
    if (this.stack.length <= this.floor) throw this.bad(`${what} finds nothing on the stack`);
    return this.stack.pop() as PyValue;
  }

  peek(what: string): PyValue {
    if (this.stack.length <= this.floor) throw this.bad(`${what} finds nothing on the stack`);
    return this.stack.at(-1) as PyValue;
  }

  /** The `count` topmost values, the lowest first. */
  popMany(count: number, what: string): PyValue[] {
    if (this.stack.length - this.floor < count) throw this.bad(`${what} finds too little on the stack`);
    return this.stack.splice(this.stack.length - count);
  }

  mark(): void {
    if (this.marks.length >= MAX_DEPTH) throw this.refused(`it nests deeper than ${MAX_DEPTH}`);
    this.marks.push(this.stack.length);
  }

  /** Everything above the last mark, which is taken away. */
  popMark(what: string): PyValue[] {
    const height = this.marks.pop();
    if (height === undefined) throw this.bad(`${what} finds no mark on the stack`);
    return this.stack.splice(height);
  }

  /** Python's POP: the topmost value, or the last mark when nothing lies above it. */
  drop(what: string): void {
    if (this.stack.length > this.floor) this.stack.pop();
    else if (this.marks.length > 0) this.marks.pop();
    else throw this.bad(`${what} finds nothing on the stack`);
  }

  /** Whether nothing is left, as it should be once the result is popped. */
  get isEmpty(): boolean {
    return this.stack.length === 0 && this.marks.length === 0;
  }

  /** Puts the topmost value into the memo: at `index`, or at the next place. */
  memoize(index: number = this.memoized): void {
    const value = this.peek('the memo');
    if (index > this.opcodes)
      throw this.refused(`it puts a value into place ${index} of a memo of ${this.memoized} values`);
    if (this.memo[index] !== undefined) throw this.refused(`it fills place ${index} of the memo twice`);
    while (this.memo.length < index) this.memo.push(undefined);
    this.memo[index] = value;
    this.memoized++;
    if (this.unfilled.has(value)) this.unfilled.set(value, index);
  }

  recall(index: number): PyValue {
    const value = index < this.memo.length ? this.memo[index] : undefined;
    if (value === undefined) throw this.bad(`place ${index} of the memo is empty`);
    return value;
  }

  /** Pushes what a later BUILD will replace: a numpy array is made empty and filled afterwards. */
  pushUnfilled(value: PyValue): void {
    this.unfilled.set(value, undefined);
    this.stack.push(value);
  }

  isUnfilled(value: PyValue): boolean {
    return this.unfilled.has(value);
  }

  /**
   * Puts the finished value in the topmost one's place, on the stack and in the memo. Whatever else refers to the
   * unfilled one by then keeps it, and is refused in the end (check-tree.ts); no file that numpy wrote does.
   */
  fill(value: PyValue): void {
    const old = this.pop('a finished array');
    const place = this.unfilled.get(old);
    if (place !== undefined) this.memo[place] = value;
    this.stack.push(value);
  }
}

/** Whether a key is a number, or text of up to ten digits. */
function isNumberLike(key: PyValue): boolean {
  if (typeof key === 'string') return key.length <= 10 && /^\d+$/.test(key);
  return typeof key === 'number' || typeof key === 'bigint';
}
