/** The options of commands that need the configuration of a measurement. */
import { loadConfig, parseOverrides, runOptions, type RunArguments } from '@styleclip/core';
import type { Argv } from 'yargs';
import { OFFICIAL, precomputeSchema, type PrecomputeConfig } from '../config.js';

export interface PrecomputeArguments extends RunArguments {
  config?: string;
  method?: PrecomputeConfig['method'];
  around?: PrecomputeConfig['around'];
  images?: number;
  bundle?: string;
  official: boolean;
  store?: string;
}

/** Declares them. */
export function withPrecomputeOptions<T>(y: Argv<T>): Argv<T & PrecomputeArguments> {
  return runOptions(y)
    .option('config', { type: 'string', describe: 'YAML file; the defaults alone without one' })
    .option('bundle', { type: 'string', describe: 'sets bundle' })
    .option('method', { choices: ['finite-difference', 'jacobian'] as const, describe: 'sets method' })
    .option('around', { choices: ['sample', 'mean'] as const, describe: 'sets around' })
    .option('images', { type: 'number', describe: 'sets images' })
    .option('official', {
      type: 'boolean',
      default: false,
      describe: 'sets all that the official code does otherwise, its faults too',
    })
    .option('store', {
      type: 'string',
      requiresArg: true,
      describe: 'where the files of shards are: a folder, or s3://bucket/prefix; beside the run unless told',
    }) as Argv<T & PrecomputeArguments>;
}

/** The configuration that they say. */
export async function precomputeConfigOf(given: PrecomputeArguments): Promise<PrecomputeConfig> {
  const { config: file, name, bundle, method, around, images, official, set } = given;
  const own = parseOverrides(set, { name, bundle, method, around, images });
  return loadConfig(precomputeSchema, file, { ...(official && OFFICIAL), ...own });
}
