/**
 * Jobs that several sections use: what an edit did to the held-out latents, the pictures of a gallery, how long a picture takes.
 * Each is made once for a method and prompt.
 */
import { toRgbImages, type BundleInfo, type RgbImage } from '@styleclip/core';
import type { ReportConfig } from '../config.js';
import { measureSeen, type Measures } from '../measures.js';
import type { MethodForPrompt } from '../methods/method.js';
import { firstSeen } from '../seen.js';
import { median } from '../statistics/bootstrap.js';
import type { Finished, Job } from '../jobs/job.js';
import type { Workbench } from '../workbench.js';

/** How long a picture takes. */
export interface Timing {
  /** Median seconds of one picture, edit and synthesis. */
  median: number;
  repeats: number;
}

/** Pictures as bytes, kept in the job's file. */
export interface Pictures {
  count: number;
  width: number;
  height: number;
}

/** Repeats of what takes seconds each. */
const SLOW_REPEATS = 3;

const PICTURES_FILE = 'pictures.rgb';

export interface SharedJobs {
  /** What a method did to the held-out latents. */
  measures(method: MethodForPrompt): Job<Measures>;
  /** The first held-out latents after the edit. */
  gallery(method: MethodForPrompt): Job<Pictures>;
  /** The same before any edit. */
  originals(): Job<Pictures>;
  timing(method: MethodForPrompt): Job<Timing>;
  /** All that results on held-out latents depend on, besides the method. */
  readonly latentsKey: unknown;
}

/** Plans shared jobs; the same call gives the same job. */
export function sharedJobs(
  config: ReportConfig,
  bench: Workbench,
  { info, bundleHashes }: { info: BundleInfo; bundleHashes: Readonly<Record<string, string>> },
): SharedJobs {
  const jobs = new Map<string, Job<never>>();
  const once = <Result>(job: Job<Result>): Job<Result> => {
    const known = jobs.get(job.id) as Job<Result> | undefined;
    if (known) return known;
    jobs.set(job.id, job as Job<never>);
    return job;
  };
  const { seed, truncation, heldOut, bootstrap, samples, repeats } = config;
  const latentsKey = { seed, truncation, heldOut, bundle: bundleHashes };
  const keyOf = (method: MethodForPrompt) => method.jobs.map(({ id, key }) => [id, key]);

  return {
    latentsKey,
    measures: (method) => {
      const { prompt, ask, ignore } = method.prompt;
      return once<Measures>({
        id: `measures/${method.method}/${method.prompt.name}`,
        label: `measure edits by ${method.method} for "${prompt}"`,
        seconds: 4 + method.latents / 20,
        key: { version: 1, latentsKey, bootstrap, prompt, ask, ignore, latents: method.latents, edit: keyOf(method) },
        needs: method.jobs,
        async run({ done, stop }) {
          const editor = await method.open(bench, done);
          try {
            const after = await bench.see(method.latents, (from, count) => editor.pictures(from, count, 1), stop);
            const measures = measureSeen(firstSeen(await bench.before(), method.latents), after, {
              text: await bench.text(prompt),
              prompt: method.prompt,
              factors: info.attributes?.factors ?? [],
              seed,
              draws: bootstrap,
            });
            return { result: measures };
          } finally {
            await editor.dispose();
          }
        },
      });
    },
    gallery: (method) => {
      const count = Math.min(samples, method.latents);
      return once<Pictures>({
        id: `gallery/${method.method}/${method.prompt.name}`,
        label: `draw edits by ${method.method} for "${method.prompt.prompt}"`,
        seconds: 2,
        key: { version: 1, latentsKey, count, edit: keyOf(method) },
        needs: method.jobs,
        async run({ done }) {
          const editor = await method.open(bench, done);
          try {
            const images = await editor.pictures(0, count, 1);
            const rgb = await toRgbImages(images);
            images.dispose();
            return keepPictures(rgb);
          } finally {
            await editor.dispose();
          }
        },
      });
    },
    originals: () =>
      once<Pictures>({
        id: 'gallery/originals',
        label: 'draw the held-out latents',
        seconds: 2,
        key: { version: 1, latentsKey, samples },
        async run() {
          const images = await bench.pictures(0, samples);
          const rgb = await toRgbImages(images);
          images.dispose();
          return keepPictures(rgb);
        },
      }),
    timing: (method) =>
      once<Timing>({
        id: `timing/${method.method}/${method.prompt.name}`,
        label: `time ${method.method} (${repeats} pictures)`,
        seconds: 3,
        key: { version: 1, latentsKey, repeats, edit: keyOf(method) },
        needs: method.jobs,
        async run({ done, stop }) {
          if (method.time) {
            const seconds = await method.time(bench, Math.min(repeats, SLOW_REPEATS));
            return { result: { median: median(seconds), repeats: seconds.length } };
          }
          const editor = await method.open(bench, done);
          try {
            const seconds: number[] = [];
            // The first one compiles, and does not count.
            for (let i = 0; i <= repeats; i++) {
              stop();
              const started = performance.now();
              const images = await editor.pictures(i % method.latents, 1, 1);
              await images.data();
              if (i > 0) seconds.push((performance.now() - started) / 1000);
              images.dispose();
            }
            return { result: { median: median(seconds), repeats } };
          } finally {
            await editor.dispose();
          }
        },
      }),
  };
}

/** Pictures as a job's result. */
export function keepPictures(images: readonly RgbImage[]): { result: Pictures; files: Record<string, Uint8Array> } {
  const { width, height } = images[0]!;
  return {
    result: { count: images.length, width, height },
    files: { [PICTURES_FILE]: Buffer.concat(images.map(({ data }) => data)) },
  };
}

/** What `keepPictures` kept. */
export function keptPictures({ result: { count, width, height }, files }: Finished<Pictures>): RgbImage[] {
  const bytes = files[PICTURES_FILE]!;
  const size = width * height * 3;
  return Array.from({ length: count }, (_, i) => ({ data: bytes.subarray(i * size, (i + 1) * size), width, height }));
}
