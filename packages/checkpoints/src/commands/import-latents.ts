/**
 * `checkpoints import --latents`: foreign codes of W+ or W into the safetensors file that this project's methods read.
 */
import { basename } from 'node:path';
import { failure, openFile, readBundleInfo, sha256, usageError, wPlusLayers, writeSafetensors } from '@styleclip/core';
import { type LatentSize, type LatentSpace, readLatents } from '../latents/latents.js';

export interface ImportLatentsOptions {
  /** A .pt, .npy, .npz or safetensors file. */
  readonly from: string;
  /** The .safetensors file to write. */
  readonly to: string;
  /** Folder of the bundle that the codes must fit. */
  readonly bundle?: string | undefined;
  /** Which space the codes are of, where their shape fits both. */
  readonly as?: LatentSpace | undefined;
}

/** What was written. */
export interface ImportedLatents {
  readonly file: string;
  /** [N,L,D] */
  readonly shape: readonly number[];
  /** Format of the file that was read. */
  readonly format: string;
  /** What the file held: codes of W were repeated for every layer. */
  readonly space: LatentSpace;
  /** One a code, where the file has them. */
  readonly names?: readonly string[];
}

/**
 * Writes tensor `w_plus` [N,L,D] in float32, whole or not at all, with the source's name and hash in the header, and the
 * codes' names as a JSON list where there are any.
 * @throws UserError when there are no latents in the file, or they don't fit
 */
export async function importLatents({ from, to, bundle, as }: ImportLatentsOptions): Promise<ImportedLatents> {
  if (!to.endsWith('.safetensors'))
    throw usageError(`--to must name a .safetensors file for latents, such as datasets/faces.safetensors, got "${to}"`);
  const size = bundle === undefined ? undefined : await sizeOf(bundle);
  const source = await openFile(from);
  try {
    const { shape, data, format, space, names } = await readLatents(source, { size, as });
    await writeSafetensors(to, {
      tensors: { w_plus: { dtype: 'F32', shape: [...shape], data } },
      metadata: {
        source: basename(from),
        sourceSha256: await sha256(from),
        ...(names && { names: JSON.stringify(names) }),
      },
    });
    return { file: to, shape, format, space, ...(names && { names }) };
  } finally {
    await source.close();
  }
}

/** The codes that a bundle's generator takes. */
async function sizeOf(bundle: string): Promise<LatentSize> {
  const { generator } = await readBundleInfo(bundle);
  if (generator === undefined) throw failure(`${bundle}: this bundle has no generator for the latents to fit`);
  return { layers: wPlusLayers(generator.resolution), wDim: generator.wDim };
}
