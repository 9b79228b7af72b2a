/** What a training would do, for `--dry-run`. */
import { describeUnknownWords, generatorSize } from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import type { Prepared } from './prepare.js';

/** The resolved configuration and what it would run on. */
export function describePlan(
  config: TrainMapperConfig,
  { networks, device, groups, unknownWords }: Prepared,
  dir: string,
): string {
  const { resolution, layers, wDim } = generatorSize(networks.generator);
  return [
    JSON.stringify(config, null, 2),
    `device ${device.name} (${device.why})`,
    `generator ${resolution}×${resolution}, W+ ${layers}×${wDim}; mappers: ${groups.join(', ')}`,
    ...(unknownWords.length > 0 ? [describeUnknownWords(unknownWords)] : []),
    `would write ${dir}; nothing was written`,
    '',
  ].join('\n');
}
