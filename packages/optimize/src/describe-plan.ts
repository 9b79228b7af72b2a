/** What an optimization would do, for `--dry-run`. */
import { describeUnknownWords, generatorSize } from '@styleclip/core';
import type { OptimizeConfig } from './config.js';
import type { Prepared } from './prepare.js';
import { inBatches, rowsOf } from './rows.js';

/** The resolved configuration and what it would run on. */
export function describePlan(
  config: OptimizeConfig,
  { networks, device, start, edits, points, batch, unknownWords }: Prepared,
  dir: string,
): string {
  const { resolution, layers, wDim } = generatorSize(networks.generator);
  const rows = rowsOf(points.length, edits.length, start.names.length);
  const batches = inBatches(rows, batch);
  return [
    JSON.stringify(config, null, 2),
    `device ${device.name} (${device.why})`,
    `generator ${resolution}×${resolution}, W+ ${layers}×${wDim}`,
    `${start.names.length} latents × ${edits.length} texts${points.length > 1 ? ` × ${points.length} points` : ''} = ${rows.length} rows, in ${batches.length} batches of ${batches[0]!.rows.length}, at most ${batches.length * config.steps} steps`,
    ...(unknownWords.length > 0 ? [describeUnknownWords(unknownWords)] : []),
    `would write ${dir}; nothing was written`,
    '',
  ].join('\n');
}
