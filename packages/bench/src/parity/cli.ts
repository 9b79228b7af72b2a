/**
 * `nx run core:parity`: full-size networks with formula weights against the golden numbers of the originals, to 1e-3.
 *
 *     nx run core:parity                    all checks
 *     nx run core:parity --only=mapper      some of them
 *     nx run core:parity --device=webgpu    on another device
 *     nx run core:parity --bundle=models/x  the networks of a bundle, imported from files with the formula's weights
 *
 * They are slow and take some gigabytes, so they are no part of the tests. The exit code is 1 when a check fails.
 */
import { failure, loadBundle, openDevice, readBundleInfo, usageError } from '@styleclip/core';
import type { ParityCheck } from './check.js';
import { PARITY_CHECKS } from './checks.js';
import { type LoadPart, runParity } from './report.js';

export interface ParityOptions {
  /** Names of checks; all by default. */
  only?: readonly string[];
  /** Where to compute, see device.ts. */
  device?: string;
  /** Folder of a bundle whose networks are checked instead of those that the formula makes here. */
  bundle?: string;
}

/** @throws UserError when a check fails */
export async function parity({ only, device: choice = 'cpu', bundle }: ParityOptions): Promise<void> {
  const named = only?.map(checkNamed);
  const checks = bundle === undefined ? (named ?? PARITY_CHECKS) : await checksOf(bundle, named);
  const device = await openDevice(choice);
  const load = bundle === undefined ? undefined : partsOf(bundle);
  const result = await runParity(checks, device, (line) => process.stderr.write(`${line}\n`), load);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!result.passed) {
    const names = Object.entries(result.checks).filter(([, { passed }]) => !passed);
    throw failure(`parity failed: ${names.map(([name]) => name).join(', ')}`);
  }
}

/** The checks of the networks that a bundle has. */
async function checksOf(bundle: string, named?: readonly ParityCheck[]): Promise<readonly ParityCheck[]> {
  const info = await readBundleInfo(bundle);
  for (const { name, part } of named ?? []) {
    if (!part || !info[part]) throw usageError(`${bundle}: has no network for the parity check "${name}"`);
  }
  const checks = (named ?? PARITY_CHECKS).filter(({ part }) => part && info[part]);
  if (checks.length === 0) throw usageError(`${bundle}: has no network that a parity check knows`);
  return checks;
}

function partsOf(bundle: string): LoadPart {
  return async (part) => (await loadBundle(bundle, { parts: [part] }))[part];
}

function checkNamed(name: string): ParityCheck {
  const check = PARITY_CHECKS.find((c) => c.name === name);
  if (!check)
    throw usageError(`there is no parity check "${name}", known: ${PARITY_CHECKS.map((c) => c.name).join(', ')}`);
  return check;
}
