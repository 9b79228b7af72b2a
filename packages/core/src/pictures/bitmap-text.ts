/**
 * Letters for picture labels: a 5 × 8 pixel alphabet.
 *
 * A bare machine has no fonts, and the same sheet should come out the same everywhere, so the few words over a
 * picture are drawn from this table. Printable ASCII; anything else becomes a question mark. Charts and reports
 * use real fonts elsewhere.
 */

/** One glyph a character from space to tilde: columns from the left, bit 0 at the top, two hexadecimal digits each. */
const GLYPHS = `
000000 5f 070007 147f147f14 242a7f2a12 2313086462 3649562050 07 1c2241 41221c 2a1c7f1c2a 08083e0808
8060 08080808 6060 2010080402 3e4141413e 427f40 6251494946 2241494936 1814127f10 2745454539
3e49494932 0171090503 3649494936 264949493e 36 8066 08142241 1414141414 41221408 0201590906
3e415d551e 7e1111117e 7f49494936 3e41414122 7f4141413e 7f49494941 7f09090901 3e4149493a
7f0808087f 417f41 2040413f01 7f08142241 7f40404040 7f020c027f 7f0408107f 3e4141413e
7f09090906 3e4151215e 7f09192946 2649494932 01017f0101 3f4040403f 1f2040201f 3f4038403f
6314081463 0304780403 6151494543 7f4141 0204081020 41417f 0402010204 4040404040 010204
2054545478 7f48444438 3844444428 384444487f 3854545418 087e0902 18a4a4a47c 7f08040478
447d40 80847d 7f102844 417f40 7c04780478 7c08040478 3844444438 fc24242418 18242424fc 7c080408
4854545424 043f4424 3c4040207c 1c2040201c 3c4030403c 4428102844 1ca0a0a07c 4464544c44
083641 7f 413608 0402040204
`
  .trim()
  .split(/\s+/)
  .map((glyph) => Array.from({ length: glyph.length / 2 }, (_, i) => parseInt(glyph.slice(2 * i, 2 * i + 2), 16)));

/** Rows of a line of text at scale 1, descenders included. */
export const TEXT_HEIGHT = 8;

/** Width of a text in pixels at scale 1. */
export function textWidth(text: string): number {
  return [...text].reduce((width, character) => width + glyphOf(character).length + 1, -1);
}

/** `text`, cut and ended with two dots when it is wider than `width` pixels. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = [...text];
  while (kept.length > 0 && textWidth(`${kept.join('')}..`) > width) kept = kept.slice(0, -1);
  return kept.length > 0 ? `${kept.join('')}..` : '';
}

/** Calls `plot` for each pixel that the text covers, (0, 0) at its top left. */
export function drawText(text: string, scale: number, plot: (x: number, y: number) => void): void {
  let left = 0;
  for (const character of text) {
    const columns = glyphOf(character);
    columns.forEach((column, c) => {
      for (let row = 0; row < TEXT_HEIGHT; row++) {
        if (((column >> row) & 1) === 0) continue;
        for (let i = 0; i < scale * scale; i++)
          plot((left + c) * scale + (i % scale), row * scale + Math.floor(i / scale));
      }
    });
    left += columns.length + 1;
  }
}

function glyphOf(character: string): number[] {
  return GLYPHS[character.charCodeAt(0) - 32] ?? (GLYPHS['?'.charCodeAt(0) - 32] as number[]);
}
