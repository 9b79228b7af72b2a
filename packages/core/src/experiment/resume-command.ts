/**
 * The command that goes on with a run, as the user would type it: shown after Ctrl-C.
 *
 * Under Nx it is the target that was run (Nx tells a task its name in the environment); otherwise this process's own
 * command line. `--resume` is added, `--force` left out.
 */
import { relative } from 'node:path';

export function resumeCommand(
  argv: readonly string[] = process.argv,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const [, script = '', ...rest] = argv;
  const args = rest.filter((arg) => !/^--(no-)?(resume|force)(=.*)?$/.test(arg));
  const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = env;
  if (project && target) {
    // Words before the first option belong to the target's own command.
    const first = args.findIndex((arg) => arg.startsWith('-'));
    return [`npx nx run ${project}:${target}`, ...(first < 0 ? [] : args.slice(first)).map(quote), '--resume'].join(
      ' ',
    );
  }
  const node = script.endsWith('.ts') ? 'node --import tsx --conditions=@styleclip/source' : 'node';
  return [node, quote(relative(process.cwd(), script)), ...args.map(quote), '--resume'].join(' ');
}

/** Quoted for a POSIX shell where needed. */
function quote(arg: string): string {
  return /^[\w./:=,@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
