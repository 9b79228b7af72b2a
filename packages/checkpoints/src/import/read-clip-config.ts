/**
 * The configurations that programs leave beside a CLIP, read into one form.
 *
 * Hugging Face's `config.json` has `text_config` and `vision_config`, each with a `hidden_act` that is QuickGELU unless it
 * says otherwise. open_clip's `open_clip_config.json` has `model_cfg` (older ones are that part alone), where `quick_gelu` is
 * false unless it says otherwise, and the pictures' numbers in `preprocess_cfg`. timm's `config.json` names an `architecture`,
 * with its `act_layer` among the `model_args` or in that name; its word is understood in the other two as well.
 */
import { z } from 'zod';
import { type ClipActivation, failure, oneLine } from '@styleclip/core';

/** Left out where they are width / 64. */
export interface Heads {
  readonly imageHeads?: number;
  readonly textHeads?: number;
}

export type Triple = readonly [number, number, number];

/** Whose configuration it is. */
export type ClipProgram = 'Hugging Face' | 'open_clip' | 'timm';

/** What a configuration says that no tensor shows. */
export interface ClipStatement extends Heads {
  readonly program: ClipProgram;
  readonly activation: ClipActivation;
  /** Of pictures in [0, 1], per channel. */
  readonly mean?: Triple;
  readonly std?: Triple;
  /** The model's name, where the file has it: `openai/clip-vit-base-patch32`. */
  readonly model?: string;
}

/** What these files are, for messages. */
export const CLIP_CONFIG = "a CLIP's configuration";

const size = z.number().int().positive();
const act = z.union([z.string(), z.record(z.string(), z.unknown())]).nullish();
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** One side, in either program's words. */
const side = z.looseObject({
  // Hugging Face
  hidden_size: size.nullish(),
  num_attention_heads: size.nullish(),
  hidden_act: act,
  // open_clip
  width: size.nullish(),
  heads: size.nullish(),
  head_width: size.nullish(),
  quick_gelu: z.boolean().nullish(),
  act_layer: act,
  act_kwargs: z.looseObject({ approximate: z.string().nullish() }).nullish(),
});
const huggingFace = z.looseObject({
  text_config: side.nullish(),
  vision_config: side.nullish(),
  text_config_dict: side.nullish(),
  vision_config_dict: side.nullish(),
  hidden_act: act,
  act_layer: act,
  projection_dim: size.nullish(),
  _name_or_path: z.string().nullish(),
});
const openClipModel = z.looseObject({
  embed_dim: size,
  vision_cfg: side,
  text_cfg: side,
  quick_gelu: z.boolean().nullish(),
  act_layer: act,
});
const timm = z.looseObject({
  architecture: z.string(),
  model_args: z.looseObject({ act_layer: act }).nullish(),
});
const pictures = z.looseObject({ mean: triple.nullish(), std: triple.nullish() });

type Side = z.output<typeof side>;

/** Sizes that tell one model from another, by our names. */
export interface Sizes {
  readonly embed?: number | undefined;
  readonly image?: number | undefined;
  readonly text?: number | undefined;
}

/** The configuration's path, and the sizes of the weights beside it. */
interface Context {
  readonly path: string;
  readonly actual: Sizes;
}

type Parsed = { readonly config: ClipStatement; readonly sizes: Sizes } | undefined;

/**
 * Reads any program's form.
 * @returns undefined for files that are about other things
 * @throws UserError for a damaged configuration, or a model that can't be used
 */
export function parseClipConfig(json: unknown, { path, actual }: Context): Parsed {
  if (typeof json !== 'object' || json === null) return undefined;
  const { model_cfg: model = json } = json as { model_cfg?: unknown };
  if (typeof model === 'object' && model !== null && 'vision_cfg' in model) {
    const preprocess = checked(pictures, preprocessing(json), path);
    return parseOpenClip(checked(openClipModel, model, path), preprocess, { path, actual });
  }
  const isClip = ['text_config', 'vision_config', 'text_config_dict', 'vision_config_dict'].some((key) => key in json);
  if (!isClip && 'architecture' in json) return parseTimm(checked(timm, json, path), path);
  if (!isClip && (json as { model_type?: unknown }).model_type !== 'clip') return undefined;
  return parseHuggingFace(checked(huggingFace, json, path), { path, actual });
}

/** timm names a model of QuickGELU by it; a name without says nothing. */
function parseTimm({ architecture, model_args: args }: z.output<typeof timm>, path: string): Parsed {
  const said = args?.act_layer ?? (/_quickgelu(_|$|\.)/.test(architecture) ? 'quick_gelu' : undefined);
  if (said === undefined) return undefined;
  return { config: { program: 'timm', activation: activationCalled(said, `${path}: act_layer`) }, sizes: {} };
}

function preprocessing(json: object): unknown {
  return (json as { preprocess_cfg?: unknown }).preprocess_cfg ?? {};
}

function parseHuggingFace(config: z.output<typeof huggingFace>, { path, actual }: Context): Parsed {
  // Older files have both; Hugging Face's program then takes what the dict says.
  const text = side.parse({ ...config.text_config, ...config.text_config_dict });
  const vision = side.parse({ ...config.vision_config, ...config.vision_config_dict });
  const own = (part: Side, name: string): ClipActivation => {
    const said = part.hidden_act ?? part.act_layer ?? config.hidden_act ?? config.act_layer ?? 'quick_gelu';
    return activationCalled(said, `${path}: ${name}.hidden_act`);
  };
  const [image, words] = [own(vision, 'vision_config'), own(text, 'text_config')];
  if (image !== words) {
    throw failure(
      `${path}: vision_config.hidden_act is "${image}" and text_config.hidden_act is "${words}"; only models with one activation are supported`,
    );
  }
  return {
    config: {
      program: 'Hugging Face',
      activation: image,
      ...headsOf(
        { image: vision.hidden_size ?? actual.image, words: text.hidden_size ?? actual.text },
        { image: vision.num_attention_heads, words: text.num_attention_heads },
      ),
      ...(config._name_or_path != null && config._name_or_path !== '' && { model: config._name_or_path }),
    },
    sizes: {
      embed: config.projection_dim ?? undefined,
      image: vision.hidden_size ?? undefined,
      text: text.hidden_size ?? undefined,
    },
  };
}

/** Widths of a head, and heads of a text side, where open_clip's configuration leaves them out. */
const HEAD_WIDTH = 64;
const TEXT_HEADS = 8;

function parseOpenClip(
  model: z.output<typeof openClipModel>,
  { mean, std }: z.output<typeof pictures>,
  { path, actual }: Context,
): Parsed {
  const { vision_cfg: vision, text_cfg: text } = model;
  const own = (part: Side): ClipActivation => {
    const approximate = part.act_kwargs?.approximate ?? 'none';
    if (approximate !== 'none') activationCalled(`gelu_${approximate}`, `${path}: the activation`);
    const said = part.act_layer ?? model.act_layer;
    if (said != null) return activationCalled(said, `${path}: act_layer`);
    return (part.quick_gelu ?? model.quick_gelu ?? false) ? 'quick_gelu' : 'gelu';
  };
  const activation = own(vision);
  if (activation !== own(text)) {
    throw failure(`${path}: the activation differs between its sides; only models with one activation are supported`);
  }
  const [image, words] = [vision.width ?? actual.image, text.width ?? actual.text];
  const imageHeads = image === undefined ? undefined : image / (vision.head_width ?? HEAD_WIDTH);
  return {
    config: {
      program: 'open_clip',
      activation,
      ...headsOf({ image, words }, { image: imageHeads, words: text.heads ?? TEXT_HEADS }),
      ...(mean != null && { mean }),
      ...(std != null && { std }),
    },
    sizes: { embed: model.embed_dim, image: vision.width ?? undefined, text: text.width ?? undefined },
  };
}

/** @throws UserError unless the JSON is of this form */
export function checked<T extends z.ZodType>(schema: T, json: unknown, path: string): z.output<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw failure(`${path}: not ${CLIP_CONFIG}: ${where}${oneLine(issue?.message ?? 'unknown')}`);
}

/** Names that programs have for the two activations. */
const NAMES: Readonly<Record<string, ClipActivation>> = {
  quickgelu: 'quick_gelu',
  gelu: 'gelu',
  gelupython: 'gelu', // Hugging Face's, written out
};

/** @throws UserError for an activation that core does not have: tanh's approximations of GELU are not GELU */
function activationCalled(said: unknown, where: string): ClipActivation {
  const plain = typeof said === 'string' ? said.split('.').at(-1)?.replace(/_/g, '').toLowerCase() : undefined;
  const known = plain !== undefined && Object.hasOwn(NAMES, plain) ? NAMES[plain] : undefined;
  if (known !== undefined) return known;
  throw failure(`${where} is ${JSON.stringify(said)}; only models with "quick_gelu" or "gelu" are supported`);
}

/** One number for each side, where it is known. */
interface Sides {
  readonly image: number | null | undefined;
  readonly words: number | null | undefined;
}

/** Numbers of heads that are given and are not what core assumes. */
function headsOf(widths: Sides, heads: Sides): Heads {
  const unusual = (side: keyof Sides): number | undefined => {
    const [width, count] = [widths[side], heads[side]];
    return count == null || (width != null && count === Math.max(1, Math.floor(width / 64))) ? undefined : count;
  };
  const [image, text] = [unusual('image'), unusual('words')];
  return { ...(image !== undefined && { imageHeads: image }), ...(text !== undefined && { textHeads: text }) };
}
