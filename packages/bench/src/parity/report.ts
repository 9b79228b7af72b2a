/**
 * Runs parity checks and tells how they went: a table for people on stderr, one line of JSON on stdout at the end.
 *
 *     {"tolerance":0.001,"device":"cpu","passed":true,"checks":{"mapper":{"passed":true,"maxError":2e-6,"seconds":1.2,"errors":{…}}, …}}
 */
import type { BundleKind, Device, Weights } from '@styleclip/core';
import { TOLERANCE, type Measured, type ParityCheck } from './check.js';

export interface CheckResult {
  passed: boolean;
  /** Largest relative error; null when the check could not be carried out. */
  maxError: number | null;
  seconds: number;
  errors: Record<string, number>;
  /** Why the check could not be carried out. */
  failure?: string;
}

export interface ParityResult {
  tolerance: number;
  device: string;
  passed: boolean;
  checks: Record<string, CheckResult>;
}

/** Gives the weights of a bundle's part, when a check needs them. */
export type LoadPart = (part: BundleKind) => Promise<Weights>;

/**
 * Runs the checks one after the other; a check that throws counts as failed and the others still run.
 * @param load where networks come from, instead of the formula
 */
export async function runParity(
  checks: readonly ParityCheck[],
  device: Device,
  print: (line: string) => void,
  load?: LoadPart,
): Promise<ParityResult> {
  const results: Record<string, CheckResult> = {};
  for (const check of checks) {
    print(`${check.name}: ${check.about}`);
    const result = await runOne(check, device, load);
    for (const [quantity, error] of Object.entries(result.errors)) {
      print(`  ${quantity.padEnd(24)} ${error.toExponential(1).padStart(9)}  ${error <= TOLERANCE ? 'ok' : 'FAILED'}`);
    }
    if (result.failure) print(`  FAILED: ${result.failure}`);
    print(`  ${'max'.padEnd(24)} ${(result.maxError ?? NaN).toExponential(1).padStart(9)}  in ${result.seconds} s`);
    results[check.name] = result;
  }
  const passed = Object.values(results).every((result) => result.passed);
  return { tolerance: TOLERANCE, device: device.name, passed, checks: results };
}

async function runOne(check: ParityCheck, device: Device, load?: LoadPart): Promise<CheckResult> {
  const start = performance.now();
  let measured: Measured[] = [];
  let failure: string | undefined;
  try {
    measured = await check.run(device, load && check.part ? await load(check.part) : undefined);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const maxError = Math.max(0, ...measured.map(({ error }) => error)); // NaN when one is
  return {
    passed: !failure && measured.length > 0 && maxError <= TOLERANCE,
    maxError: failure ? null : maxError,
    seconds: Math.round((performance.now() - start) / 100) / 10,
    errors: Object.fromEntries(measured.map(({ quantity, error }) => [quantity, Number(error.toPrecision(2))])),
    ...(failure && { failure }),
  };
}
