/** What edits are made with, opened once: networks, the relevance of channels, texts, and latents to try and measure on. */
import {
  describeUnknownWords,
  disposeNetworks,
  IMAGENET_TEMPLATES,
  loadNetworks,
  openDevice,
  openTextFeatures,
  requireKnownWords,
  type Device,
  type Networks,
  type Relevance,
  type TextFeatures,
} from '@styleclip/core';
import type { ApplyConfig } from './apply-config.js';
import { openDirect } from './direct.js';
import { loadRelevance } from './known-relevance.js';
import { layoutOf, withoutToRgb, type Layout } from './layout.js';
import { measureStatistics } from './statistics.js';
import { cosinesWith, textStep, type Relevances } from './style-direction.js';
import { openStyleSource, type StyleSource } from './style-source.js';
import { openTrial, type Trial } from './trial.js';

/** Latents behind σ where there is no relevance file to say it. */
const DIRECT_STATISTICS = 2000;

/** A pair of texts, looked up. */
export interface TextPair {
  /** Δt [E], unit. */
  readonly step: Float32Array;
  /** Unit features [E] of the target and the neutral text. */
  readonly target: Float32Array;
  readonly neutral: Float32Array;
  readonly relevances: Relevances;
  /** What CLIP multiplies cosines by before it compares texts. */
  readonly temperature: number;
}

export interface Editing {
  readonly networks: Networks;
  readonly device: Device;
  readonly layout: Layout;
  readonly source: StyleSource;
  readonly trial: Trial;
  /** Looks a pair up; the second time it is remembered. @throws UserError for texts that CLIP can't read, or that are the same to it */
  readonly lookUp: (neutral: string, target: string) => Promise<TextPair>;
  dispose(): Promise<void>;
}

/** Which parts of a configuration an editing is opened with. */
export type EditingOptions = Pick<
  ApplyConfig,
  | 'bundle'
  | 'relevance'
  | 'direct'
  | 'directImages'
  | 'device'
  | 'threads'
  | 'seed'
  | 'truncation'
  | 'templates'
  | 'weigh'
  | 'leastMagnitude'
>;

/**
 * Opens it.
 * @param needs what the bundle must have besides generator and CLIP
 * @throws UserError for a bundle or a relevance file that is missing, damaged, or of other networks
 */
export async function openEditing(options: EditingOptions, needs: { attributes?: boolean } = {}): Promise<Editing> {
  const networks = await loadNetworks(options.bundle, needs);
  const open: { dispose(): Promise<void> }[] = [];
  try {
    const layout = layoutOf(networks.generator);
    const device = await openDevice(options.device, options.threads > 0 ? { threads: options.threads } : {});
    const source = opened(openStyleSource(networks, device, options));
    const trial = opened(openTrial(networks, device));
    const texts: TextFeatures = opened(openTextFeatures(device, networks.clip));
    const relevant: Relevant = options.direct
      ? await relevantDirectly(networks, device, source, layout, options)
      : relevantByTable(await loadRelevance(options.relevance, networks, layout), options);
    const { dispose } = relevant;
    if (dispose) open.push({ dispose });
    const temperature = temperatureOf(networks);
    const pairs = new Map<string, Promise<TextPair>>(); // looked up once
    return {
      networks,
      device,
      layout,
      source,
      trial,
      lookUp(neutralText, targetText) {
        const key = JSON.stringify([neutralText, targetText]);
        const found = pairs.get(key) ?? lookUp(neutralText, targetText);
        pairs.set(key, found);
        found.catch(() => pairs.delete(key));
        return found;
      },
      async dispose() {
        for (const part of open) await part.dispose();
        disposeNetworks(networks);
      },
    };

    async function lookUp(neutralText: string, targetText: string): Promise<TextPair> {
      const unknown = new Set<string>();
      for (const [key, text] of [
        ['neutral', neutralText],
        ['target', targetText],
      ] as const)
        for (const word of requireKnownWords(networks.clip, text, key)) unknown.add(word);
      if (unknown.size > 0) process.stderr.write(`${describeUnknownWords([...unknown])}\n`);
      const templates = options.templates === 'imagenet' ? IMAGENET_TEMPLATES : ['{}'];
      const neutral = await texts.of(neutralText, templates);
      const target = await texts.of(targetText, templates);
      const step = textStep(neutral, target);
      return { step, target, neutral, relevances: await relevant.to(step), temperature };
    }
  } catch (error) {
    for (const part of open) await part.dispose();
    disposeNetworks(networks);
    throw error;
  }

  function opened<T extends { dispose(): Promise<void> }>(part: T): T {
    open.push(part);
    return part;
  }
}

/** CLIP's own, or that which OpenAI's training ends at where the weights have none. */
function temperatureOf({ clip }: Networks): number {
  const scale = clip['logit_scale'];
  return scale ? Math.exp(scale.dataSync()[0]!) : 100;
}

/** Where relevances come from. */
interface Relevant {
  to(step: Float32Array): Promise<Relevances>;
  dispose?: () => Promise<void>;
}

type Weighing = Pick<EditingOptions, 'weigh' | 'leastMagnitude'>;

function relevantByTable({ direction, magnitude, std }: Relevance, weighing: Weighing): Relevant {
  return { to: async (step) => weighed({ cosine: cosinesWith(direction, step), magnitude, std }, weighing) };
}

async function relevantDirectly(
  networks: Networks,
  device: Device,
  source: StyleSource,
  layout: Layout,
  { directImages: images, seed, ...weighing }: Weighing & Pick<EditingOptions, 'directImages' | 'seed'>,
): Promise<Relevant> {
  const std = withoutToRgb((await measureStatistics(source, DIRECT_STATISTICS)).std, layout);
  const direct = openDirect(networks, device, { source, layout, std, images, seed });
  return {
    to: async (step) => weighed({ ...(await direct.of(step)), std }, weighing),
    dispose: () => direct.dispose(),
  };
}

/** Leaves weak channels out and weighs the others. A table of another program has no magnitudes: nothing is weighed then. */
function weighed(
  { cosine, magnitude, std }: { cosine: Float32Array; magnitude?: Float32Array | undefined; std: Float32Array },
  { weigh, leastMagnitude }: Weighing,
): Relevances {
  if (!magnitude) return { cosine, weight: cosine, std };
  const least = leastMagnitude * magnitude.reduce((most, value) => Math.max(most, value), 0);
  const kept = cosine.map((value, c) => (magnitude[c]! < least ? 0 : value));
  return { cosine: kept, weight: weigh === 'magnitude' ? kept.map((value, c) => value * magnitude[c]!) : kept, std };
}
