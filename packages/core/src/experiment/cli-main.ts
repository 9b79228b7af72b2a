/**
 * What every command line does around its work: one line for the user's errors, and the right exit code.
 *
 * 0 done · 1 the work failed · 2 the call was wrong · 130 stopped with Ctrl-C, everything saved.
 */
import { tf } from '../tensors/tf.js';
import { Interrupted, oneLine, UserError } from '../errors.js';

/**
 * Runs a command and turns what it throws into a line on stderr and an exit code.
 *
 * A UserError prints its message alone, and so does what the file system refuses; with `--verbose` in `argv` its stack
 * too. Any other error is a defect and always shows its stack.
 */
export async function runCommand(
  command: (argv: string[]) => Promise<void> | void,
  argv: string[] = process.argv.slice(2),
): Promise<void> {
  tf.enableProdMode(); // else TensorFlow.js greets every Node process with an advertisement
  // A closed pipe (`… | head`, or a task runner that ended first) must not stop a run that is saving its work.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  try {
    await command(argv);
  } catch (error) {
    process.exitCode = error instanceof UserError || error instanceof Interrupted ? error.exitCode : 1;
    process.stderr.write(`${describeError(error, argv.includes('--verbose'))}\n`);
  }
}

/** What is printed for an error. */
export function describeError(error: unknown, verbose = false): string {
  if (error instanceof Interrupted) return error.message;
  if (error instanceof UserError) return `error: ${verbose ? stackOf(error) : error.message}`;
  if (isRefused(error)) return `error: ${verbose ? stackOf(error) : oneLine(error)}`;
  return `error: this should not happen: ${oneLine(error)}\n${stackOf(error)}`;
}

/** No permission, a full disk, a file where a folder should be: the user's to mend, wherever it is met. Node names the path. */
const REFUSALS =
  'EACCES EPERM EROFS ENOSPC EDQUOT EFBIG EISDIR ENOTDIR EEXIST ENOTEMPTY ENOENT ENAMETOOLONG ELOOP EMFILE EBUSY EIO';

function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined && REFUSALS.split(' ').includes(code ?? '');
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${stackOf(error.cause)}`;
}
