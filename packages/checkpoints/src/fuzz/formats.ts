/**
 * The readers that are fuzzed: for each format, sound files to start from and all that is done with such a file.
 *
 * A reader goes to the end: structure, names, checks and every number, as an import does, since a file that is accepted
 * and then fails half way is as bad as a crash.
 */
import { parseJson } from '../import/json-file.js';
import { planNetwork } from '../import/network-plan.js';
import { parseClipConfig } from '../import/read-clip-config.js';
import { parseIndex } from '../import/sharded.js';
import { readDirections, readStatistics } from '../latents/fs3.js';
import { readLatents } from '../latents/latents.js';
import { fromBytes, readRelevance, type ByteSource } from '@styleclip/core';
import type { NetworkKind, Told } from '../layouts/layout.js';
import { recognise } from '../layouts/recognise.js';
import { readNpy } from '../npy.js';
import { readNpz } from '../npz.js';
import { openCheckpoint } from '../open-checkpoint.js';
import { allowList } from '../pickle/allow-list.js';
import { readPickle } from '../pickle/read-pickle.js';
import { PyTensor, type PyValue } from '../pickle/values.js';
import { readSafetensorsSource } from '../safetensors-source.js';
import type { LazyTensor } from '../tensor.js';
import { readTorchFile } from '../torch/read-torch-file.js';
import { tensorsOf } from '../tree.js';
import { readSeeds, type Seed } from './seeds.js';

export interface Format {
  readonly name: string;
  /** Files in the folder of fixtures. */
  readonly files: readonly string[];
  /** Reads all there is. */
  readonly read: (source: ByteSource) => Promise<void>;
}

export const FORMATS: readonly Format[] = [
  { name: 'pickle', files: ['pickles.bin'], read: readPlainPickle },
  { name: 'nvidia-ada', files: ['nvidia-ada-clamp.pkl'], read: network('generator') },
  { name: 'nvidia-tf', files: ['nvidia-tf-small.pkl'], read: network('generator') },
  {
    name: 'torch-zip',
    files: ['torch-files.pt', 'torch-files-views.pt', 'torch-files-big-endian.pt', 'latents.pt'],
    read: torchFile,
  },
  { name: 'torch-legacy', files: ['torch-files-legacy.pt', 'latents-half-legacy.pt'], read: torchFile },
  { name: 'torchscript', files: ['torch-files-script.pt'], read: torchFile },
  { name: 'npy', files: ['latents-one.npy', 'fs3-small-f16.npy', 'objects.npy'], read: npy },
  { name: 'npz', files: ['arrays.npz', 'arrays-deflated.npz', 'latents.npz'], read: npz },
  { name: 'safetensors', files: ['torch-files.safetensors', 'latents.safetensors'], read: safetensors },
  { name: 'nvidia-ada-torch', files: ['nvidia-ada-module.pt'], read: network('generator') },
  { name: 'nvidia-ada-state', files: ['nvidia-ada-state.pth'], read: network('generator', { convClamp: 'none' }) },
  { name: 'rosinality', files: ['stylegan2-training.pt', 'stylegan2-module.pt'], read: network('generator') },
  { name: 'official-mapper', files: ['official-mapper.pt'], read: network('mapper') },
  {
    name: 'clip',
    files: [
      'clip-tiny-jit.pt',
      'clip-tiny-hf/model.safetensors',
      'clip-tiny-hf/pytorch_model.bin',
      'clip-open-clip/open_clip_model.safetensors',
      'clip-training.pt',
    ],
    read: network('clip'),
  },
  {
    name: 'clip-config',
    files: ['clip-tiny-hf/config.json', 'clip-open-clip/open_clip_config.json'],
    read: clipConfig,
  },
  { name: 'shard-index', files: ['clip-sharded/model.safetensors.index.json'], read: shardIndex },
  { name: 'arcface', files: ['identity-small.pth'], read: network('identity') },
  {
    name: 'latents',
    files: [
      'latents.pt',
      'latents-stacked-dict.pt',
      'latents-half-legacy.pt',
      'latents-one.npy',
      'latents.npz',
      'latents-and-names.npz',
      'projection.pt',
    ],
    read: async (source) => void (await readLatents(source, { as: 'w+' })),
  },
  {
    name: 'latents-w',
    files: ['w-ten.pt'],
    read: async (source) => void (await readLatents(source, { as: 'w', size: { layers: 10, wDim: 128 } })),
  },
  { name: 'statistics', files: ['S_mean_std-small'], read: async (source) => void (await readStatistics(source)) },
  { name: 'fs3', files: ['fs3-small-f16.npy', 'fs3-small-32px-f32.npy'], read: fs3 },
  {
    name: 'relevance',
    files: ['../../core/fixtures/relevance-pyarrow.arrow'],
    read: async (source) => void (await readRelevance(source)),
  },
];

/** The names that all parts together know, to get as far into a file as any reader would. */
const EVERY_NAME = allowList('base', 'numpy', 'torch', 'nvidia', 'modules', 'torchscript');

async function readPlainPickle(source: ByteSource): Promise<void> {
  const { value } = readPickle(await source.read(0, source.size), { name: source.name, allow: EVERY_NAME });
  await readTensors(value, source.name);
}

async function torchFile(source: ByteSource): Promise<void> {
  await readTensors(await readTorchFile(source), source.name);
  await readTensors((await openCheckpoint(source)).tree, source.name);
}

async function npy(source: ByteSource): Promise<void> {
  const { tree } = await openCheckpoint(source);
  await readTensors(tree, source.name);
  // Lists of arrays are pickles in a .npy file.
  if (tree instanceof PyTensor) await (await readNpy(source)).read();
}

async function npz(source: ByteSource): Promise<void> {
  await readTensors(await readNpz(source), source.name);
}

async function safetensors(source: ByteSource): Promise<void> {
  await readAll((await readSafetensorsSource(source)).values());
}

/** What `checkpoints import` does with a network, but for turning axes and writing. */
function network(kind: NetworkKind, told: Told = {}): Format['read'] {
  return async (source) => {
    const checkpoint = await openCheckpoint(source);
    for (const found of recognise(checkpoint, kind, source.name, told)) {
      await planNetwork(found, { half: false });
      await found.check?.();
      await readAll(found.state.values());
    }
  };
}

/** The configuration beside a CLIP, which damage may make one of another model. */
async function clipConfig(source: ByteSource): Promise<void> {
  const json = parseJson(await source.read(0, source.size), source.name);
  parseClipConfig(json, { path: source.name, actual: {} });
}

async function shardIndex(source: ByteSource): Promise<void> {
  parseIndex(parseJson(await source.read(0, source.size), source.name), source.name);
}

/** Directions are read with the statistics that belong to them. */
async function fs3(source: ByteSource): Promise<void> {
  const [seed] = await readSeeds(['S_mean_std-small']);
  const statistics = await readStatistics(fromBytes('S_mean_std-small', (seed as Seed).bytes));
  await readDirections(source, statistics, {
    formatVersion: '1',
    generatorSha256: 'unknown',
    clipSha256: 'unknown',
    images: '1',
    amplitude: '1',
    method: 'finite-difference',
    seed: '1',
    source: 'a damaged file',
  });
}

async function readTensors(tree: PyValue, name: string): Promise<void> {
  await readAll(tensorsOf(tree, { name }).values());
}

async function readAll(tensors: Iterable<LazyTensor>): Promise<void> {
  for (const tensor of tensors) await tensor.read();
}
