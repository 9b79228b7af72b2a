/**
 * Pictures here have three channels and are square. Networks for others are common (greyscale scans, RGBA sprites, wide
 * frames), and a mismatch of shapes deep in a table would not say what is the matter: they are refused by name.
 */
import { failure } from '@styleclip/core';

/**
 * @param whose the file and what of it has the channels: `x.pkl: this is a`
 * @param channels undefined where the tensor is missing or of another rank, which the table then reports
 * @param noun what has them: `generator`, `pictures`
 * @throws UserError unless there are three
 */
export function requireRgb(whose: string, channels: number | undefined, noun: string): void {
  if (channels === undefined || channels === 3) return;
  throw failure(`${whose} ${channels}-channel ${noun}; only RGB (3 channels) is supported`);
}

/**
 * @param what the file and the layout
 * @param constant height and width of the constant that synthesis begins with: 4 by 4 where pictures are square
 * @throws UserError for any other
 */
export function requireSquare(what: string, height: number | undefined, width: number | undefined): void {
  if (height === undefined || width === undefined || (height === 4 && width === 4)) return;
  throw failure(
    height === width
      ? `${what}: this generator begins with ${height}×${width} pixels, not with 4×4`
      : `${what}: this generator draws pictures that are not square (it begins with ${height}×${width} pixels); only square ones are supported`,
  );
}
