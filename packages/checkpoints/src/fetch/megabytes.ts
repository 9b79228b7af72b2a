/** Sizes as people read them: 381673535 → `381.7 MB` (millions of bytes, as servers and shops count). */
export function megabytes(bytes: number): string {
  return `${inMegabytes(bytes).toFixed(1)} MB`;
}

/** The same as a number, rounded to a tenth, as a progress bar counts. */
export function inMegabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}
