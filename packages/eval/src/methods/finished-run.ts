/** A run that the user has finished already, of the very configuration and networks that a report wants: it is taken as it is. */
import { bundleInputs, findRun, readBundleInfo, UserError } from '@styleclip/core';

/**
 * @param owner the package whose run it is
 * @param runs folder of all runs
 * @returns its folder and summary.json; undefined where there is none
 */
export async function findFinished(
  owner: string,
  config: { name: string; bundle: string },
  runs: string,
): Promise<{ dir: string; summary: unknown } | undefined> {
  const inputs = bundleInputs(config.bundle, await readBundleInfo(config.bundle));
  try {
    const { dir, summary } = await findRun({
      ...{ root: runs, package: owner, name: config.name, config, inputs },
      ...{ resume: true, mayChange: ['device', 'threads'] },
    });
    return summary === undefined ? undefined : { dir, summary };
  } catch (error) {
    // Another configuration, or one that somebody works on: then it is none of ours.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
