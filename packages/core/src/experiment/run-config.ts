/**
 * config.yaml of a run: the resolved configuration it was begun with, and the one it may be gone on with.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { failure, usageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';

const FILE = 'config.yaml';

/** Writes the configuration into a run's folder. */
export async function writeConfig(dir: string, config: object): Promise<void> {
  await writeFileAtomic(join(dir, FILE), stringify(plain(config)));
}

/**
 * Compares with what `writeConfig` wrote.
 * @param mayChange top-level keys that may differ
 * @throws UserError that names what differs
 */
export async function requireSameConfig(dir: string, config: object, mayChange: readonly string[]): Promise<void> {
  const path = join(dir, FILE);
  let before: Record<string, unknown>;
  try {
    before = (parse(await readFile(path, 'utf8')) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw failure(`${path}: can't be read, so the run can't be resumed; replace it by --force`, error);
  }
  const now = plain(config);
  const changes = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => !mayChange.includes(key))
    .flatMap((key) => differences(key, before[key], now[key]));
  if (changes.length > 0) {
    throw usageError(
      `${path}: the run was begun with another configuration (${changes.slice(0, 4).join('; ')}${changes.length > 4 ? '; …' : ''}); resume it unchanged, or give another --name`,
    );
  }
}

/** The config as JSON keeps it: undefined fields gone. */
function plain(config: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
}

/** Lines such as `losses.clip was 1, is 2`. */
function differences(key: string, before: unknown, now: unknown): string[] {
  if (isRecord(before) && isRecord(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...keys].flatMap((inner) => differences(`${key}.${inner}`, before[inner], now[inner]));
  }
  const [a, b] = [JSON.stringify(before) ?? 'not set', JSON.stringify(now) ?? 'not set'];
  return a === b ? [] : [`${key} was ${a}, is ${b}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
