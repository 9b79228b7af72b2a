/**
 * Configurations: a YAML file and options of the command line, checked by one zod schema.
 *
 * Every error is one line that names the file, the line and the key (`configs/x.yaml:7: unknown key "stepz" (known:
 * steps, …)`), or the option where the value came from there. All errors are told at once. Unknown keys
 * are always refused, whatever the schema would do with them.
 */
import { isMap, isNode, isScalar, isSeq, LineCounter, parse, parseDocument } from 'yaml';
import type { z } from 'zod';
import { hasCode, oneLine, UserError, usageError } from '../errors.js';
import { readText } from './read-text.js';
import { explainIssues, unknownKeys } from './schema-errors.js';
import { expectation, schemaAt, unwrap } from './schema-walk.js';

/** Values from the command line by dotted key, such as `{ 'losses.clip': 2 }`; undefined ones are passed over. */
export type Overrides = Readonly<Record<string, unknown>>;

/**
 * Loads a configuration.
 *
 * @param file a YAML file; undefined starts from the schema's defaults
 * @param overrides win over the file. Text becomes a number, a boolean or a list where the schema does not want text.
 * @returns the parsed configuration, defaults filled in
 * @throws UserError (exit code 2) with one line an error
 */
export async function loadConfig<S extends z.ZodType>(
  schema: S,
  file: string | undefined,
  overrides: Overrides = {},
): Promise<z.output<S>> {
  const { value, lineOf } = file === undefined ? { value: {}, lineOf: () => undefined } : await readYaml(file);
  const overridden = applyOverrides(schema, value, overrides);

  const result = schema.safeParse(value);
  const strangers = unknownKeys(schema, value);
  const issues = result.success ? [] : explainIssues(schema, value, result.error);
  const all = [
    ...strangers,
    ...issues.filter(({ message }) => !strangers.some((stranger) => stranger.message === message)),
  ];
  if (result.success && all.length === 0) return result.data;

  const lines = all.map(({ path, message }) => {
    const option = overridden.find((key) => startsWith(path, key.split('.')));
    if (option !== undefined) return { line: Infinity, text: `--${option}: ${message}` };
    const line = lineOf(path);
    return {
      line: line ?? 0,
      text: `${[file, line].filter((part) => part !== undefined).join(':') || 'configuration'}: ${message}`,
    };
  });
  throw usageError(
    lines
      .sort((a, b) => a.line - b.line)
      .map(({ text }) => text)
      .join('\n'),
  );
}

/**
 * `['steps=10', 'losses.clip=2']` as overrides, beside options that set a key of their own, such as `{ name: 'x' }`.
 * @throws UserError for an item without a key or a value, and for a key that is given twice
 */
export function parseOverrides(list: readonly string[], options: Overrides = {}): Record<string, unknown> {
  const overrides: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) if (value !== undefined) define(overrides, key, value);
  for (const item of list) {
    const at = item.indexOf('=');
    if (at <= 0) throw usageError(`an override is written key=value, got "${item}"`);
    const [key, value] = [item.slice(0, at), item.slice(at + 1)];
    if (Object.hasOwn(options, key) && options[key] !== undefined)
      throw usageError(`"${key}" is given twice, by --${key} and by --set; give it once`);
    if (Object.hasOwn(overrides, key)) throw usageError(`"${key}" is given twice by --set; give it once`);
    define(overrides, key, value);
  }
  return overrides;
}

interface YamlFile {
  value: Record<string, unknown>;
  /** The line of the key that a path leads to, or of the nearest group around it. */
  lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

async function readYaml(file: string): Promise<YamlFile> {
  let text: string;
  try {
    // A carriage return alone ends a line in YAML too, but not for the parser.
    text = (await readText(file)).replace(/\r(?!\n)/g, '\n');
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (hasCode(error, 'ENOENT')) throw usageError(`${file}: no such file`, error);
    if (hasCode(error, 'EISDIR')) throw usageError(`${file}: is a folder, not a file`, error);
    throw usageError(`${file}: can't be read: ${oneLine(error)}`, error);
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  if (document.errors.length > 0) {
    throw usageError(
      [
        ...new Set(
          document.errors.map(
            (error) => `${file}:${counter.linePos(error.pos[0]).line}: not valid YAML: ${oneLine(error)}`,
          ),
        ),
      ].join('\n'),
    );
  }
  let value: unknown;
  try {
    value = document.toJS() as unknown;
  } catch (error) {
    throw usageError(`${file}: not valid YAML: ${oneLine(error)}`, error);
  }
  value ??= {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw usageError(`${file}: must hold keys and values, such as "steps: 100"`);

  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    let node: unknown = document.contents;
    let offset: number | undefined;
    for (const key of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
        if (pair === undefined) break;
        if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(key)];
        if (isNode(node) && node.range) offset = node.range[0];
      } else {
        break;
      }
    }
    return offset === undefined ? undefined : counter.linePos(offset).line;
  };
  return { value: value as Record<string, unknown>, lineOf };
}

/** Sets the overrides in `value`. @returns the keys that were set */
function applyOverrides(schema: z.ZodType, value: Record<string, unknown>, overrides: Overrides): string[] {
  const set = Object.entries(overrides).filter(([, given]) => given !== undefined);
  for (const [key, given] of set) {
    const path = key.split('.');
    const last = path.pop() as string;
    let group = value;
    for (const name of path) {
      const inner = Object.hasOwn(group, name) ? group[name] : undefined;
      if (inner !== undefined && inner !== null && (typeof inner !== 'object' || Array.isArray(inner))) {
        const field = schemaAt(schema, path.slice(0, path.indexOf(name) + 1));
        throw usageError(
          `--${key}: "${name}" is not a group of keys${field ? ` (it must be ${expectation(field)})` : ''}`,
        );
      }
      const next = { ...(inner as Record<string, unknown> | undefined) };
      define(group, name, next);
      group = next;
    }
    define(group, last, typeof given === 'string' ? readOption(schema, key, given) : given);
  }
  return set.map(([key]) => key);
}

/** Text from the command line as what the schema wants there. */
function readOption(schema: z.ZodType, key: string, text: string): unknown {
  const field = schemaAt(schema, key.split('.'));
  const type = field && (unwrap(field) as z.core.$ZodTypes)._zod.def.type;
  if (type === 'string' || type === 'enum') return text;
  try {
    const value = parse(text) as unknown;
    return typeof value === 'object' && !/^\s*[[{]/.test(text) && value !== null ? text : value;
  } catch {
    return text;
  }
}

/** Like assignment, but `__proto__` is a key like any other. */
function define(group: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(group, key, { value, writable: true, enumerable: true, configurable: true });
}

function startsWith(path: readonly PropertyKey[], start: readonly string[]): boolean {
  return start.every((key, i) => String(path[i]) === key);
}
