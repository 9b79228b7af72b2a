/** Small JSON files that stand beside weights: configurations, and the index of a model in parts. */
import { dirname, join } from 'node:path';
import { failure, oneLine, openFile, otherEncoding } from '@styleclip/core';
import { exists } from './staging.js';

/**
 * @param limit in bytes: what is longer is something else
 * @param what the file should be, for messages: `a CLIP's configuration`
 * @throws UserError when it is too long or no JSON
 */
export async function readJsonFile(path: string, limit: number, what: string): Promise<unknown> {
  const source = await openFile(path);
  try {
    if (source.size > limit) throw failure(`${path}: ${source.size} bytes are more than ${what} has (${limit})`);
    return parseJson(await source.read(0, source.size), path);
  } finally {
    await source.close();
  }
}

/**
 * @param name the file's, for messages
 * @throws UserError when it is no JSON; for another encoding than UTF-8, such as PowerShell writes, it says which
 */
export function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw failure(`${name}: ${otherEncoding(bytes) ?? `not valid JSON: ${oneLine(error)}`}`, error);
  }
}

/** The JSON file of this name beside `file`; undefined where there is none. */
export async function jsonBeside(file: string, name: string, limit: number, what: string): Promise<unknown> {
  const path = join(dirname(file), name);
  return (await exists(path)) ? readJsonFile(path, limit, what) : undefined;
}
