/**
 * `nx run core:parity`: full-size networks with formula weights against the golden numbers of the originals, to 1e-3.
 *
 *     nx run core:parity                    all checks
 *     nx run core:parity --only=mapper      some of them
 *
 * They are slow and take some gigabytes, so they are no part of the tests. The exit code is 1 when a check fails.
 */
import { failure, usageError } from '../errors.js';
import type { ParityCheck } from './check.js';
import { PARITY_CHECKS } from './checks.js';
import { runParity } from './report.js';

/** @param options.only names of checks; all by default */
export async function parity({ only }: { only?: readonly string[] }): Promise<void> {
  const checks = only ? only.map(checkNamed) : PARITY_CHECKS;
  const result = await runParity(checks, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!result.passed) {
    const names = Object.entries(result.checks).filter(([, { passed }]) => !passed);
    throw failure(`parity failed: ${names.map(([name]) => name).join(', ')}`);
  }
}

function checkNamed(name: string): ParityCheck {
  const check = PARITY_CHECKS.find((c) => c.name === name);
  if (!check) throw usageError(`there is no parity check "${name}", known: ${PARITY_CHECKS.map((c) => c.name).join(', ')}`);
  return check;
}
