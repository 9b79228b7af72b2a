/**
 * The command that follows a download: which option of `checkpoints:import` takes which file.
 */
import type { KnownFile, KnownFiles } from './known-files.js';

/**
 * @param name the set or file that was asked for; it names the bundle
 * @returns undefined when nothing here imports the files
 */
export function importLine(
  name: string,
  files: readonly { readonly name: string; readonly path: string }[],
  table: KnownFiles,
): string | undefined {
  const known = files.map((file) => ({ ...(table.files[file.name] as KnownFile), path: quoted(file.path) }));
  const importable = known.filter(({ use }) => use !== 'nothing');
  const first = importable[0];
  if (first === undefined) return undefined;
  const line = (options: string) => `npx nx run checkpoints:import ${options}`;
  switch (first.use) {
    case 'latents':
      return line(`--latents ${first.path} --to datasets/${name}.safetensors`);
    case 'directions':
      // The statistics are not published; the original's GetCode.py writes them.
      return line(`--directions ${first.path} --statistics S_mean_std --to datasets/${name}.arrow`);
    default:
      return line(`${importable.map(({ use, path }) => `--${use} ${path}`).join(' ')} --to models/${name}`);
  }
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
