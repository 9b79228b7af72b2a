/** The real command line of a package, as a process of its own: what a user sees, and the exit code. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs it with these arguments in a folder; `watch` sees stderr as it grows, and may send Ctrl-C. */
export type CommandLine = (
  cwd: string,
  args: readonly string[],
  watch?: (stderr: string, interrupt: () => void) => void,
) => Promise<Outcome>;

/** @param url of a package's cli.ts */
export function commandLine(url: URL): CommandLine {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = fileURLToPath(url);
  return (cwd, args, watch) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--conditions=@styleclip/source', '--import', tsx, program, ...args], {
        cwd,
      });
      const outcome: Outcome = { code: null, stdout: '', stderr: '' };
      child.stdout.on('data', (data: Buffer) => (outcome.stdout += data.toString()));
      child.stderr.on('data', (data: Buffer) => {
        outcome.stderr += data.toString();
        watch?.(outcome.stderr, () => child.kill('SIGINT'));
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ ...outcome, code }));
    });
}
