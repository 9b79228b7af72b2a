/**
 * The options of a command that has a configuration: one for each key of its schema, `--config` for a file of keys and
 * `--set` for any of them, also within groups. Names, defaults and help come from the schema, and so do the errors: an
 * option's text is checked where a file's value would be.
 */
import type { Argv } from 'yargs';
import type { z } from 'zod';
import { describeConfig, loadConfig, parseOverrides } from '@styleclip/core';

export interface ConfigArguments {
  readonly config: string | undefined;
  readonly set: readonly string[];
}

/** Declares them. */
export function configOptions<T>(y: Argv<T>, schema: z.ZodType): Argv<T & ConfigArguments> {
  const fields = describeConfig(schema);
  const inGroups = fields.filter(({ key }) => key.includes('.'));
  let declared = y
    .parserConfiguration({ 'parse-numbers': false }) // a name such as 007 is a text: the schema says what is a number
    .option('config', { type: 'string', requiresArg: true, describe: 'YAML file with some or all of the keys' })
    .option('set', { type: 'string', array: true, nargs: 1, default: [], describe: 'key=value; may be repeated' })
    .epilogue(
      [
        'Options win over --set, --set over the file, the file over the defaults.',
        ...(inGroups.length > 0
          ? ['Keys of the file and of --set besides the options:', ...inGroups.map(groupLine)]
          : []),
      ].join('\n'),
    ) as unknown as Argv<T & ConfigArguments>;
  for (const { key, expects, description, default: value } of fields) {
    if (key.includes('.')) continue;
    declared = declared.option(optionName(key), {
      describe: `${description}; ${expects}`,
      requiresArg: true,
      ...(value !== undefined && { defaultDescription: shown(value) }),
    }) as typeof declared;
  }
  return declared;
}

/** The configuration that the options, `--set` and the file make. @throws UserError with one line an error */
export async function readConfig<S extends z.ZodType>(schema: S, args: ConfigArguments): Promise<z.output<S>> {
  return loadConfig(schema, args.config, { ...parseOverrides(args.set), ...givenOptions(schema, args) });
}

/** Whether anything but the file says what a key is. */
export function isChanged(schema: z.ZodType, args: ConfigArguments): boolean {
  return args.set.length > 0 || Object.keys(givenOptions(schema, args)).length > 0;
}

/** The values of the schema's options that were given, by key. */
function givenOptions(schema: z.ZodType, args: object): Record<string, unknown> {
  const values = args as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    describeConfig(schema).flatMap(({ key }) => (values[key] === undefined ? [] : [[key, values[key]]])),
  );
}

/** `learningRate` → `learning-rate`; yargs gives the value back under both. */
const optionName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function groupLine({ key, expects, description, default: value }: ReturnType<typeof describeConfig>[number]): string {
  return `  ${key}  ${description}; ${expects}${value === undefined ? '' : ` [default: ${shown(value)}]`}`;
}
