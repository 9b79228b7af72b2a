/** Small JSON files that stand beside weights: configurations, and the index of a model in parts. */
import { dirname, join } from 'node:path';
import { failure, oneLine, openFile } from '@styleclip/core';
import { exists } from './staging.js';

/**
 * @param limit in bytes: what is longer is something else
 * @param what the file should be, for messages: `a CLIP's configuration`
 * @throws UserError when it is too long or no JSON
 */
export async function readJsonFile(path: string, limit: number, what: string): Promise<unknown> {
  const text = await readText(path, limit, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure(`${path}: not valid JSON: ${oneLine(error)}`, error);
  }
}

/** The JSON file of this name beside `file`; undefined where there is none. */
export async function jsonBeside(file: string, name: string, limit: number, what: string): Promise<unknown> {
  const path = join(dirname(file), name);
  return (await exists(path)) ? readJsonFile(path, limit, what) : undefined;
}

async function readText(path: string, limit: number, what: string): Promise<string> {
  const source = await openFile(path);
  try {
    if (source.size > limit) throw failure(`${path}: ${source.size} bytes are more than ${what} has (${limit})`);
    return new TextDecoder().decode(await source.read(0, source.size));
  } finally {
    await source.close();
  }
}
