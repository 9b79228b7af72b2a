/**
 * What zod found wrong, said to a person: `steps must be a positive integer, got "many"`.
 *
 * One issue gives one line; the caller puts the file and line number before it.
 */
import type { z } from 'zod';
import { expectation, knownKeys, schemaAt } from './schema-walk.js';

export interface ExplainedIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Explains each issue that `schema` has with `input`. */
export function explainIssues(schema: z.core.$ZodType, input: unknown, error: z.core.$ZodError): ExplainedIssue[] {
  return error.issues.flatMap((issue) => explain(schema, input, issue, []));
}

/** Keys in `input` that no group of the schema knows, also where a schema would drop them without a word. */
export function unknownKeys(
  schema: z.core.$ZodType,
  input: unknown,
  path: readonly PropertyKey[] = [],
): ExplainedIssue[] {
  const here = schemaAt(schema, path);
  if (here === undefined || typeof input !== 'object' || input === null) return [];
  const known = Array.isArray(input) ? undefined : knownKeys(here);
  return Object.entries(input).flatMap(([key, value]) => {
    const inner = [...path, Array.isArray(input) ? Number(key) : key];
    if (known && !known.includes(key)) return unknownKey(inner, known);
    return unknownKeys(schema, value, inner);
  });
}

function explain(
  schema: z.core.$ZodType,
  input: unknown,
  issue: z.core.$ZodIssue,
  before: readonly PropertyKey[],
): ExplainedIssue[] {
  const path = [...before, ...issue.path];
  const name = path.length === 0 ? 'the whole' : dotted(path);
  const field = schemaAt(schema, path);
  const value = valueAt(input, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.flatMap((key) => unknownKey([...path, key], (field && knownKeys(field)) ?? []));
    case 'invalid_union': {
      const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0];
      if (closest && typeof value === 'object' && closest.every((inner) => inner.path.length > 0)) {
        return closest.flatMap((inner) => explain(schema, input, inner, path));
      }
      break;
    }
    case 'invalid_type':
    case 'invalid_value':
    case 'too_small':
    case 'too_big':
      break;
    default:
      return [{ path, message: path.length === 0 ? issue.message : `${name}: ${issue.message}` }];
  }
  const words = field && expectation(field);
  if (value === undefined) return [{ path, message: `${name} is missing${words ? ` (it must be ${words})` : ''}` }];
  // A limit on a length is not in the words, but for these two.
  const length =
    (issue.code === 'too_small' || issue.code === 'too_big') && (issue.origin === 'array' || issue.origin === 'string');
  if (!words || (length && !/not empty$|^a list of/.test(words)))
    return [{ path, message: `${name}: ${issue.message}, got ${short(value)}` }];
  return [{ path, message: `${name} must be ${words}, got ${short(value)}` }];
}

function unknownKey(path: readonly PropertyKey[], known: readonly string[]): ExplainedIssue[] {
  return [{ path, message: `unknown key "${dotted(path)}" (known: ${known.join(', ') || 'none'})` }];
}

/** `losses.clip`, `layers[2]`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** A value as JSON, cut when it is long. */
function short(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
