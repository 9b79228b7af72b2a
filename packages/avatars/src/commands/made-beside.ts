/**
 * Which data sets a call of `render` or `latents` makes, and where: all that are described, the one of `--config` beside
 * its description, or one of the caller's own in `--out`. What is beside a description is what the description says, so
 * other values need another place.
 */
import { usageError } from '@styleclip/core';
import { madeFrom, specFiles, type DatasetKind } from '../dataset-spec.js';

export interface ToMake {
  /** The description; undefined for one of the caller's own. */
  readonly file: string | undefined;
  readonly out: string;
}

/**
 * @param changed whether values are given on the command line
 * @throws UserError when there is no place for what is asked
 */
export async function whatToMake(
  kind: DatasetKind,
  { config, out, changed }: { config: string | undefined; out: string | undefined; changed: boolean },
): Promise<ToMake[]> {
  if (out !== undefined) return [{ file: config, out }];
  if (changed)
    throw usageError('values on the command line make another data set than the one described: say where by --out');
  const files = config === undefined ? await specFiles(kind) : [config];
  return files.map((file) => ({ file, out: madeFrom(file, kind) }));
}
