/** Configurations beside a CLIP, in every program's words: activation, heads, pictures; and what is no statement about it. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { loadBundle, type Weights } from '@styleclip/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { importBundle } from './import-bundle.js';
import { fixture, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();
let count = 0;
let here: (name: string) => string;

beforeEach(async () => {
  const name = `c${count++}`;
  here = (file) => at(`${name}/${file}`);
  await mkdir(here('.'));
});

type Form = 'hf' | 'openai' | 'open_clip' | 'jit';
const FILES: Record<Form, [from: string, name: string]> = {
  hf: ['clip-tiny-hf/model.safetensors', 'model.safetensors'],
  openai: ['clip-training.pt', 'epoch_3.pt'],
  open_clip: ['clip-open-clip/open_clip_model.safetensors', 'open_clip_model.safetensors'],
  jit: ['clip-tiny-jit.pt', 'ViT-B-32.pt'],
};

/** Imports one of the forms beside these JSON files. */
async function imported(
  form: Form,
  files: Record<string, unknown>,
): Promise<{ clip: Weights; info: ClipInfo; note: string; licence: string }> {
  const [from, name] = FILES[form];
  await copyFile(fixture(from), here(name));
  for (const [file, content] of Object.entries(files)) {
    await writeFile(here(file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  await importBundle({ files: { clip: here(name) }, to: here('out'), force: true });
  const { clip, info } = await loadBundle(here('out'), { parts: ['clip'] });
  const { notes, licence } = (info.provenance as Record<string, { notes: Record<string, string>; licence: string }>)[
    'clip'
  ]!;
  return { clip, info: info.clip as ClipInfo, note: notes['activation'] ?? '', licence };
}

interface ClipInfo {
  readonly activation: string;
  readonly mean: number[];
  readonly std: number[];
}

const hf = (both: object, more: object = {}): Record<string, unknown> => ({
  'config.json': {
    model_type: 'clip',
    text_config: { hidden_size: 16, ...both },
    vision_config: { hidden_size: 24, ...both },
    ...more,
  },
});
const openClip = (model: object, more: object = {}): Record<string, unknown> => ({
  'open_clip_config.json': {
    model_cfg: {
      embed_dim: 12,
      vision_cfg: { width: 24, head_width: 24 },
      text_cfg: { width: 16, heads: 1 },
      ...model,
    },
    ...more,
  },
});

describe('config.json', () => {
  it.each([
    [{ hidden_act: 'quick_gelu' }, {}, 'quick_gelu'],
    [{ hidden_act: 'gelu' }, {}, 'gelu'],
    [{}, {}, 'quick_gelu'],
    [{}, { hidden_act: 'gelu' }, 'gelu'],
    [{ hidden_act: 'gelu_python' }, {}, 'gelu'],
    [{ act_layer: 'nn.GELU' }, {}, 'gelu'],
    [{ hidden_act: null }, { act_layer: 'QuickGELU' }, 'quick_gelu'],
  ])('%j %j means %s', async (both, more, activation) => {
    const { clip, info, note } = await imported('hf', hf(both, more));
    expect(info.activation).toBe(activation);
    expect(clip['transformer.gelu'] !== undefined).toBe(activation === 'gelu');
    expect(note).toBe(`${activation}, as config.json says`);
  });

  it('may have its parts under the older names, or be all defaults', async () => {
    const older = { text_config_dict: { hidden_act: 'gelu' }, vision_config_dict: { hidden_act: 'gelu' } };
    expect((await imported('hf', { 'config.json': older })).info.activation).toBe('gelu');
    const both = hf({ hidden_act: 'quick_gelu' }, older);
    expect((await imported('hf', both)).info.activation).toBe('gelu');
    expect((await imported('hf', { 'config.json': { model_type: 'clip' } })).info.activation).toBe('quick_gelu');
  });

  it('says how many heads there are', async () => {
    const { clip } = await imported('hf', hf({}, { text_config: { hidden_size: 16, num_attention_heads: 4 } }));
    expect(clip['transformer.heads']?.shape).toEqual([4]);
    expect(clip['visual.transformer.heads']).toBeUndefined();
  });

  it.each(['gelu_new', 'gelu_pytorch_tanh', 'relu', 'silu', '__proto__', { name: 'gelu' }])(
    'refuses other activations: %j',
    async (hidden_act) => {
      await expect(imported('hf', hf({ hidden_act }))).rejects.toThrow(
        `vision_config.hidden_act is ${JSON.stringify(hidden_act)}; only models with "quick_gelu" or "gelu" are supported`,
      );
    },
  );

  it('refuses two activations in one model', async () => {
    const two = { text_config: { hidden_act: 'gelu' }, vision_config: {} };
    await expect(imported('hf', { 'config.json': two })).rejects.toThrow('only models with one activation');
  });

  it('is refused when it is damaged, or of another model', async () => {
    await expect(imported('hf', { 'config.json': '{' })).rejects.toThrow('config.json: not valid JSON');
    await expect(imported('hf', hf({ hidden_size: 768 }))).rejects.toThrow(
      /config\.json: is of another model than .*: the image side is 768 wide there and 24 in the weights/,
    );
    await expect(imported('hf', hf({ hidden_size: 'many' }))).rejects.toThrow(
      /config\.json: not a CLIP's configuration: text_config\.hidden_size: /,
    );
    await expect(imported('hf', { 'config.json': ' '.repeat(1_000_001) })).rejects.toThrow(
      '1000001 bytes are more than',
    );
  });

  it('that any program may have left is no hindrance', async () => {
    for (const other of ['{', '// a comment\n{}', ' '.repeat(1_000_001), { model_type: 'bert' }]) {
      expect((await imported('openai', { 'config.json': other })).info.activation).toBe('quick_gelu');
    }
    await expect(imported('openai', { 'open_clip_config.json': '{' })).rejects.toThrow('not valid JSON');
  });

  it('about something else says nothing', async () => {
    for (const other of [{}, { model_type: 'bert', hidden_act: 'gelu' }, [], 'null']) {
      await expect(imported('hf', { 'config.json': other })).rejects.toThrow('nothing says which activation');
    }
  });
});

describe('open_clip_config.json', () => {
  it.each([
    [{}, 'gelu'],
    [{ quick_gelu: false }, 'gelu'],
    [{ quick_gelu: true }, 'quick_gelu'],
    [{ act_layer: 'quick_gelu' }, 'quick_gelu'],
    [
      {
        vision_cfg: { head_width: 24, act_layer: 'gelu' },
        text_cfg: { heads: 1, act_layer: 'gelu' },
        quick_gelu: true,
      },
      'gelu',
    ],
  ])('%j means %s', async (model, activation) => {
    for (const form of ['open_clip', 'openai', 'hf'] as const) {
      const { info, note } = await imported(form, openClip(model));
      expect(info.activation, form).toBe(activation);
      expect(note).toBe(`${activation}, as open_clip_config.json says`);
    }
  });

  it('may be the model part alone, in a config.json', async () => {
    const { 'open_clip_config.json': whole } = openClip({});
    const { info } = await imported('open_clip', { 'config.json': (whole as { model_cfg: unknown }).model_cfg });
    expect(info.activation).toBe('gelu');
  });

  it('says how many heads there are, by its own defaults too', async () => {
    const vision_cfg = { width: 24, head_width: 6 };
    const { clip } = await imported('open_clip', openClip({ vision_cfg, text_cfg: { width: 16 } }));
    expect(clip['visual.transformer.heads']?.shape).toEqual([4]);
    expect(clip['transformer.heads']?.shape).toEqual([8]);
  });

  it('refuses what is not a whole number of heads', async () => {
    const vision_cfg = { width: 24, head_width: 64 };
    await expect(imported('open_clip', openClip({ vision_cfg }))).rejects.toThrow('does not divide into');
  });

  it('gives the mean and deviation of pictures, as preprocessor_config.json does', async () => {
    const [mean, std] = [
      [0.5, 0.4, 0.3],
      [0.2, 0.25, 0.3],
    ];
    expect((await imported('open_clip', openClip({}, { preprocess_cfg: { mean, std } }))).info).toMatchObject({
      mean,
      std,
    });
    const preprocessor = { 'preprocessor_config.json': { image_mean: mean, image_std: std } };
    expect((await imported('hf', { ...hf({}), ...preprocessor })).info).toMatchObject({ mean, std });
  });

  it('is passed over where its sizes are not those of the weights', async () => {
    await expect(imported('open_clip', openClip({ embed_dim: 512 }))).rejects.toThrow('nothing says which activation');
    expect((await imported('openai', openClip({ embed_dim: 512 }))).info.activation).toBe('quick_gelu');
  });

  it('refuses GELU by tanh', async () => {
    const text_cfg = { width: 16, heads: 1, act_kwargs: { approximate: 'tanh' } };
    await expect(imported('open_clip', openClip({ text_cfg }))).rejects.toThrow(
      'the activation is "gelu_tanh"; only models with "quick_gelu" or "gelu" are supported',
    );
  });

  it('may be replaced by timm\u2019s config.json, where that says it', async () => {
    const timm = (json: object) => imported('open_clip', { 'config.json': json });
    expect((await timm({ architecture: 'vit_x', model_args: { act_layer: 'quick_gelu' } })).note).toBe(
      'quick_gelu, as config.json says',
    );
    expect((await timm({ architecture: 'vit_base_patch32_clip_quickgelu_224' })).info.activation).toBe('quick_gelu');
    expect((await timm({ architecture: 'vit_x', model_args: { act_layer: 'gelu' } })).info.activation).toBe('gelu');
    await expect(timm({ architecture: 'vit_base_patch32_clip_224' })).rejects.toThrow('nothing says which activation');
  });

  it('belongs to the weights of its program first', async () => {
    const both = { ...hf({ hidden_act: 'gelu' }), ...openClip({ quick_gelu: true }) };
    expect((await imported('hf', both)).note).toBe('gelu, as config.json says');
    expect((await imported('open_clip', both)).note).toBe('quick_gelu, as open_clip_config.json says');
  });
});

describe('without a configuration', () => {
  it('OpenAI\u2019s layout means QuickGELU, and the card says that nothing else did', async () => {
    for (const form of ['openai', 'jit'] as const) {
      const { info, note } = await imported(form, {});
      expect(info.activation).toBe('quick_gelu');
      expect(note).toContain("as in OpenAI's own models, since nothing beside the file says otherwise");
    }
  });

  it('but not in a file that carries open_clip\u2019s name, nor in safetensors, which OpenAI never wrote', async () => {
    await expect(imported('open_clip', {})).rejects.toThrow('nothing says which activation');
    await copyFile(fixture('clip-training.pt'), here('open_clip_pytorch_model.bin'));
    const named = importBundle({ files: { clip: here('open_clip_pytorch_model.bin') }, to: here('out') });
    await expect(named).rejects.toThrow('nothing says which activation');
  });

  it('an archive of TorchScript is OpenAI\u2019s, whatever lies beside it', async () => {
    const { info } = await imported('jit', { ...hf({ hidden_act: 'gelu' }), ...openClip({}) });
    expect(info.activation).toBe('quick_gelu');
  });
});

describe('the licence', () => {
  it('follows the source, not the layout', async () => {
    const declared = { 'README.md': '---\nlicense: apache-2.0\ntags:\n- clip\n---\n# A CLIP\n' };
    expect((await imported('open_clip', { ...openClip({}), ...declared })).licence).toBe(
      'apache-2.0, as the README beside it declares',
    );
    await writeFile(here('README.md'), 'license: mit\n');
    expect((await imported('open_clip', openClip({}))).licence).toMatch(/^not stated: trained with open_clip/);
    const from = (name: string) => imported('hf', hf({}, { _name_or_path: name }));
    expect((await from('openai/clip-vit-base-patch32')).licence).toMatch(/^OpenAI's models are under the MIT licence/);
    expect((await from('laion/CLIP-ViT-B-32')).licence).toBe(
      'not stated in the file; see https://huggingface.co/laion/CLIP-ViT-B-32',
    );
    for (const nobody of ['', '/home/me/clip', '../up/there', 'a|b/c']) {
      expect((await from(nobody)).licence).toMatch(/^not stated: nothing beside the file says whose model it is/);
    }
    expect((await imported('jit', {})).licence).toMatch(/^not stated: in the layout of OpenAI's program/);
  });

  it('names the repository of a file in Hugging Face\u2019s cache', async () => {
    const folder = here('models--laion--CLIP-ViT-B/snapshots/0123');
    await mkdir(folder, { recursive: true });
    await copyFile(fixture('clip-tiny-hf/model.safetensors'), `${folder}/model.safetensors`);
    await importBundle({ files: { clip: folder }, to: here('out'), activation: 'gelu' });
    const { info } = await loadBundle(here('out'), { parts: [] });
    expect(info.licence).toContain('see https://huggingface.co/laion/CLIP-ViT-B');
  });
});
