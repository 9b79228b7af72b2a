/**
 * The latent mapper (method 2 of the paper) for one prompt: trained once, kept by its configuration and networks.
 *
 * A run of the same configuration and networks that the user has finished already, in `runs/train-mapper`, is taken as it is.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyMapper, disposeAll, failure, mapperOffset, render, tf, type Weights, type WPlus } from '@styleclip/core';
import {
  loadMapper,
  train,
  type MapperHeader,
  type TrainMapperConfig,
  type TrainSummary,
} from '@styleclip/train-mapper';
import type { AskedPrompt } from '../prompts.js';
import type { Job, Outcomes } from '../jobs/job.js';
import { hashOf } from '../jobs/store.js';
import { BATCH, type Workbench } from '../workbench.js';
import { findFinished } from './finished-run.js';
import type { Editor, MethodForPrompt, Places } from './method.js';

/** What a trained mapper's job leaves. */
export interface TrainedMapper {
  /** Hash of the mapper's file, of which the job keeps a copy. */
  sha256: string;
  /** Folder of the run. */
  dir: string;
  /** The command that trains the same. */
  command: string;
  summary: TrainSummary;
}

const MAPPER_FILE = 'mapper.safetensors';

/** Steps a second that a training makes about, for the time left. */
const STEPS_PER_SECOND = 12;

/** The job that trains a mapper, or finds it trained. @param id such as `mapper/purple-hair` */
export function trainingJob(
  id: string,
  config: TrainMapperConfig,
  about: { command: string; bundleHashes: Readonly<Record<string, string>> },
  { store, runs }: Places,
): Job<TrainedMapper> {
  const { device: _, threads: __, ...content } = config;
  const key = { version: 1, config: content, bundle: about.bundleHashes };
  return {
    id,
    key,
    label: `train a mapper for "${config.prompt}" (${id}, ${config.steps} steps)`,
    seconds: 10 + config.steps / STEPS_PER_SECOND,
    async run() {
      // A folder for each content: a changed configuration is another run, and one that was stopped goes on.
      const root = join(store, 'runs', hashOf(key));
      const own = await findFinished('train-mapper', config, runs);
      const { dir, summary } = own ?? (await train(config, { root, resume: true }));
      const bytes = await readFile(join(dir, 'best.safetensors'));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return {
        result: { sha256, dir, command: about.command, summary: summary as TrainSummary },
        files: { [MAPPER_FILE]: bytes },
      };
    },
  };
}

/** An opened mapper. */
export interface OpenedMapper extends Editor {
  /** The steps M(w) that it takes for held-out latents [count,L,D]. The caller disposes them. */
  steps(from: number, count: number): Promise<WPlus>;
}

/** Opens a trained mapper. @throws UserError when it is not there, or of another generator */
export async function openMapper(bench: Workbench, outcomes: Outcomes, job: Job<TrainedMapper>): Promise<OpenedMapper> {
  const trained = outcomes.of(job);
  if (!trained) throw failure(`${job.id}: ${outcomes.whyNot(job)}`);
  const file = join(trained.dir, MAPPER_FILE);
  const { generator, info, dir } = await bench.networks();
  const { mapper, header } = await loadMapper(file);
  if (header.generatorSha256 !== info.generator!.sha256) {
    disposeAll(mapper);
    throw failure(`${file}: this mapper was trained for another generator than the one in ${dir}`);
  }
  const device = await bench.device();
  const options = optionsOf(header);
  const draw = device.compile(
    (mapper: Weights, wPlus: WPlus, factor: tf.Scalar) => {
      const full = applyMapper(mapper, wPlus, { ...options, strength: header.strength });
      return render(generator, tf.add(wPlus, tf.mul(tf.sub(full, wPlus), factor)) as WPlus);
    },
    { name: 'edit' },
  );
  const step = device.compile((mapper: Weights, wPlus: WPlus) => mapperOffset(mapper, wPlus, options), {
    name: 'steps',
  });
  return {
    async pictures(from, count, factor) {
      const [wPlus, scale] = [await bench.latents(from, count), tf.scalar(factor)];
      const images = await draw(mapper, wPlus, scale);
      disposeAll(wPlus, scale);
      return images;
    },
    async steps(from, count) {
      const parts: WPlus[] = [];
      for (let at = 0; at < count; at += BATCH) {
        const wPlus = await bench.latents(from + at, Math.min(BATCH, count - at));
        parts.push(await step(mapper, wPlus));
        wPlus.dispose();
      }
      const all = tf.concat(parts);
      disposeAll(parts);
      return all;
    },
    async dispose() {
      await Promise.all([draw.dispose(), step.dispose()]);
      disposeAll(mapper);
    },
  };
}

function optionsOf({ pixelNorm, layerGroups }: MapperHeader) {
  return { pixelNorm, layerGroups };
}

/** The mapper as a method. @param latents how many of the held-out latents it edits */
export function mapperMethod(prompt: AskedPrompt, job: Job<TrainedMapper>, latents: number): MethodForPrompt {
  return {
    method: 'mapper',
    prompt,
    jobs: [job],
    latents,
    cost: (outcomes) => ({
      preprocessing: null,
      training: outcomes.of(job)?.result.summary.seconds ?? null,
      inputDependent: true,
      space: 'W+',
    }),
    open: (bench, outcomes) => openMapper(bench, outcomes, job),
  };
}
