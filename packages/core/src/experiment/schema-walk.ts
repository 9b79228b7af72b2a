/**
 * Looking into a zod schema: what a key must be, which keys a group knows, what the defaults are.
 *
 * Config errors and the help texts both come from here, so they can't disagree with what is checked.
 */
import { z } from 'zod';

type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];

function defOf(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema under wrappers such as default and optional. */
export function unwrap(schema: Schema): Schema {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return unwrap(def.innerType);
    case 'pipe':
      return unwrap(defOf(def.in).type === 'transform' ? def.out : def.in);
    case 'lazy':
      return unwrap(def.getter());
    default:
      return schema;
  }
}

/** The keys of a group, or undefined where any key goes (or the schema is not a group). */
export function knownKeys(schema: Schema): string[] | undefined {
  const def = defOf(unwrap(schema));
  if (def.type === 'union') {
    const keys = def.options.map(knownKeys);
    return keys.every((list) => list !== undefined) ? [...new Set(keys.flat())] : undefined;
  }
  if (def.type !== 'object') return undefined;
  const open = def.catchall !== undefined && defOf(def.catchall).type !== 'never';
  return open ? undefined : Object.keys(def.shape);
}

/** The schema that a path leads to, wrappers included; undefined where the schema has nothing there. */
export function schemaAt(schema: Schema, path: Path): Schema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const inner = childOf(schema, key);
  return inner === undefined ? undefined : schemaAt(inner, rest);
}

function childOf(schema: Schema, key: PropertyKey): Schema | undefined {
  const def = defOf(unwrap(schema));
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined;
    case 'array':
      return def.element;
    case 'tuple':
      return def.items[Number(key)];
    case 'record':
      return def.valueType;
    case 'union': {
      const found = def.options.map((option) => childOf(option, key)).filter((child) => child !== undefined);
      return found.length > 1 ? z.union(found as z.ZodType[]) : found[0];
    }
    default:
      return undefined;
  }
}

/** What a value must be, in words that follow "must be": `a positive integer`, `one of adam, ranger`. */
export function expectation(schema: Schema): string {
  const words = describeType(unwrap(schema));
  return acceptsNull(schema) ? `${words} or null` : words;
}

function describeType(schema: Schema): string {
  const def = defOf(schema);
  switch (def.type) {
    case 'number':
      return describeNumber(schema);
    case 'string':
      return checksOf(schema).some((check) => check.check === 'min_length' && check.minimum > 0)
        ? 'text that is not empty'
        : 'text';
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${Object.values(def.entries).join(', ')}`;
    case 'literal':
      return def.values.map((value) => (typeof value === 'string' ? value : String(value))).join(' or ');
    case 'array':
      return 'a list';
    case 'tuple':
      return `a list of ${def.items.length} values`;
    case 'object':
    case 'record':
      return 'a group of keys';
    case 'union':
      return [...new Set(def.options.map(expectation))].join(' or ');
    case 'null':
      return 'null';
    default:
      return `a ${def.type}`;
  }
}

function describeNumber(schema: Schema): string {
  const checks = checksOf(schema);
  const whole = [defOf(schema) as { format?: string }, ...checks].some(
    (check) => 'format' in check && check.format === 'safeint',
  );
  const bound = (kind: 'greater_than' | 'less_than', inclusive: boolean): number | undefined => {
    const values = checks.flatMap((check) =>
      check.check === kind && check.inclusive === inclusive ? Number(check.value) : [],
    );
    return values.length === 0 ? undefined : kind === 'greater_than' ? Math.max(...values) : Math.min(...values);
  };
  const [min, max] = [bound('greater_than', true), bound('less_than', true)];
  const [above, below] = [bound('greater_than', false), bound('less_than', false)];
  const noun = whole ? 'an integer' : 'a number';
  if (max === undefined && below === undefined && (above === 0 || (whole && min === 1)))
    return whole ? 'a positive integer' : 'a positive number';
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  const limits = [
    min !== undefined && `${noun} of at least ${min}`,
    above !== undefined && `${noun} above ${above}`,
    max !== undefined && `${noun} of at most ${max}`,
    below !== undefined && `${noun} below ${below}`,
  ].filter((limit) => limit !== false);
  return limits.length === 0
    ? noun
    : limits.map((limit, i) => (i === 0 ? limit : limit.slice(noun.length + 1))).join(' and ');
}

function checksOf(schema: Schema): z.core.$ZodChecks['_zod']['def'][] {
  return (schema._zod.def.checks ?? []).map((check) => (check as z.core.$ZodChecks)._zod.def);
}

function acceptsNull(schema: Schema): boolean {
  const def = defOf(schema);
  if (def.type === 'nullable') return true;
  return 'innerType' in def && acceptsNull(def.innerType as Schema);
}

/** A key of a configuration, for help texts and documentation. */
export interface ConfigField {
  /** Dotted, such as `losses.clip`. */
  readonly key: string;
  /** What its value must be. */
  readonly expects: string;
  /** undefined: no default. */
  readonly default: unknown;
  readonly required: boolean;
  /** The optional group around the key: a required key is required only where the group is given. */
  readonly within?: string;
  readonly description: string;
}

/** All keys of a configuration schema, groups taken apart, in the order of the schema. */
export function describeConfig(schema: z.ZodType, prefix = '', within?: string): ConfigField[] {
  const def = defOf(unwrap(schema));
  if (def.type !== 'object') return [];
  return Object.entries(def.shape).flatMap(([name, field]) => {
    const key = `${prefix}${name}`;
    const missing = (field as z.ZodType).safeParse(undefined);
    const optional = missing.success && missing.data === undefined ? key : within;
    const inner = describeConfig(field as z.ZodType, `${key}.`, optional);
    if (inner.length > 0) return inner;
    return {
      key,
      expects: expectation(field),
      default: missing.success ? missing.data : undefined,
      required: !missing.success,
      ...(within !== undefined && { within }),
      description: (field as z.ZodType).description ?? (unwrap(field) as z.ZodType).description ?? '',
    };
  });
}

/** `describeConfig` as aligned lines of text. */
export function configHelp(schema: z.ZodType): string {
  const fields = describeConfig(schema);
  const width = Math.max(0, ...fields.map(({ key }) => key.length));
  return fields
    .map(({ key, expects, required, within, description, default: value }) => {
      const note = required
        ? `required${within === undefined ? '' : ` with ${within}`}`
        : value === undefined
          ? 'optional'
          : `default ${typeof value === 'string' ? value : JSON.stringify(value)}`;
      return `  ${key.padEnd(width)}  ${description ? `${description}; ` : ''}${expects} (${note})`;
    })
    .join('\n');
}
