/**
 * How many attention heads a CLIP has: the one size that no shape shows.
 *
 * OpenAI's models have width / 64, and that is what core assumes. Other models say it in the `config.json` that Hugging
 * Face keeps beside the weights. It also says the activation, which must be QuickGELU: many later models have plain
 * GELU, and would give wrong numbers in silence.
 */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { failure, oneLine, openFile } from '@styleclip/core';
import { exists } from './staging.js';

/** Left out where they are width / 64. */
export interface Heads {
  readonly imageHeads?: number;
  readonly textHeads?: number;
}

/** Real ones have five thousand bytes. */
const MAX_CONFIG_BYTES = 1_000_000;

const side = z.looseObject({
  hidden_size: z.number().int().positive().optional(),
  num_attention_heads: z.number().int().positive().optional(),
  hidden_act: z.string().default('quick_gelu'), // Hugging Face's own default
});
const schema = z.looseObject({ text_config: side.prefault({}), vision_config: side.prefault({}) });

/**
 * Heads as the `config.json` beside a file says, none where there is no such file.
 * @throws UserError for a damaged config.json, or a model with another activation
 */
export async function headsBeside(file: string): Promise<Heads> {
  const path = join(dirname(file), 'config.json');
  if (!(await exists(path))) return {};
  const source = await openFile(path);
  let text: string;
  try {
    if (source.size > MAX_CONFIG_BYTES) throw failure(`${path}: ${source.size} bytes are no CLIP's configuration`);
    text = new TextDecoder().decode(await source.read(0, source.size));
  } finally {
    await source.close();
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw failure(`${path}: not valid JSON: ${oneLine(error)}`, error);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw failure(`${path}: not a CLIP's configuration: ${oneLine(parsed.error.issues[0]?.message ?? 'unknown')}`);
  }
  const { vision_config: image, text_config: words } = parsed.data;
  for (const [name, { hidden_act: activation }] of [
    ['vision_config', image],
    ['text_config', words],
  ] as const) {
    if (activation !== 'quick_gelu') {
      throw failure(
        `${path}: ${name}.hidden_act is ${JSON.stringify(activation)}; only models with "quick_gelu" are supported`,
      );
    }
  }
  const [imageHeads, textHeads] = [unusual(image), unusual(words)];
  return { ...(imageHeads !== undefined && { imageHeads }), ...(textHeads !== undefined && { textHeads }) };
}

/** The number of heads where it is given and is not what core assumes. */
function unusual({ hidden_size: width, num_attention_heads: heads }: z.output<typeof side>): number | undefined {
  return width !== undefined && heads === Math.max(1, Math.floor(width / 64)) ? undefined : heads;
}
