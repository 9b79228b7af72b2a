/**
 * Where a run lies, and what it is made from: configuration, networks, latents or pictures. Nothing is loaded for it, so a
 * name that is taken, or a run that was begun with other networks, is refused before anything takes time.
 */
import { bundleInputs, fileInput, readBundleInfo, type RunPlace } from '@styleclip/core';

/** Settings that are not part of the experiment. */
export interface PlaceOptions {
  /** Folder of all runs. */
  root?: string;
  /** Go on with a run that was stopped. */
  resume?: boolean;
  /** Replace a run of this name. */
  force?: boolean;
}

/**
 * @param owner the kind of run: its folder is <root>/<owner>/<name>
 * @param files what it reads besides the bundle, by the part each plays
 * @throws UserError when the bundle or a file is not there
 */
export async function placeRun(
  owner: 'optimize' | 'invert' | 'sweep',
  config: { name: string; bundle: string },
  files: Readonly<Record<string, string | undefined>>,
  options: PlaceOptions,
): Promise<RunPlace> {
  const { name, bundle } = config;
  const inputs: Record<string, { path: string; sha256: string }> = {
    ...bundleInputs(bundle, await readBundleInfo(bundle)),
  };
  for (const [part, path] of Object.entries(files)) if (path !== undefined) inputs[part] = await fileInput(path);
  return { ...options, package: owner, name, config, mayChange: ['device', 'threads'], inputs };
}

/** The files that `latents` of a configuration names. */
export function latentFiles({ file, images }: { file?: string | undefined; images?: readonly string[] | undefined }) {
  return { latents: file, ...Object.fromEntries((images ?? []).map((path, i) => [`image-${i}`, path])) };
}
