/**
 * `nx run core:parity`: full-size networks with formula weights against the golden numbers of the originals, to 1e-3.
 *
 *     nx run core:parity                    all checks
 *     nx run core:parity --only=mapper      some of them
 *     nx run core:parity --device=webgpu    on another device
 *
 * They are slow and take some gigabytes, so they are no part of the tests. The exit code is 1 when a check fails.
 */
import { openDevice } from '../device.js';
import { failure, usageError } from '../errors.js';
import type { ParityCheck } from './check.js';
import { PARITY_CHECKS } from './checks.js';
import { runParity } from './report.js';

export interface ParityOptions {
  /** Names of checks; all by default. */
  only?: readonly string[];
  /** Where to compute, see device.ts. */
  device?: string;
}

/** @throws UserError when a check fails */
export async function parity({ only, device: choice = 'cpu' }: ParityOptions): Promise<void> {
  const checks = only ? only.map(checkNamed) : PARITY_CHECKS;
  const device = await openDevice(choice);
  const result = await runParity(checks, device, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!result.passed) {
    const names = Object.entries(result.checks).filter(([, { passed }]) => !passed);
    throw failure(`parity failed: ${names.map(([name]) => name).join(', ')}`);
  }
}

function checkNamed(name: string): ParityCheck {
  const check = PARITY_CHECKS.find((c) => c.name === name);
  if (!check)
    throw usageError(`there is no parity check "${name}", known: ${PARITY_CHECKS.map((c) => c.name).join(', ')}`);
  return check;
}
