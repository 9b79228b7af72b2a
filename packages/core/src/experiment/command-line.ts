/**
 * The command line of a package that has several commands, each a yargs module in a file of its own: strict about options,
 * and one line for what is wrong (cli-main.ts).
 */
import yargs, { type CommandModule } from 'yargs';
import { runCommand } from './cli-main.js';
import { usageError } from '../errors.js';

/**
 * Runs what the process was called with.
 * @param name the package, as help shows it
 * @param commands modules whose handlers take the options that their own builders declare
 */
export async function runCommands(name: string, commands: readonly unknown[]): Promise<void> {
  // yargs' types don't carry each module's own options through a list.
  const modules = commands as readonly CommandModule[];
  await runCommand(async (argv) => {
    await yargs(argv)
      .scriptName(name)
      .command([...modules])
      .option('verbose', { type: 'boolean', describe: 'show the stack of errors' })
      .demandCommand(1, `say what to do: ${modules.map(({ command }) => String(command)).join(', ')}`)
      .strict()
      .check((args, options) => requireOnce(args, options as unknown as { array: string[] }))
      .fail((message, error) => {
        // A YError is what yargs makes of a wrong option, also of one that `coerce` refused.
        throw error && error.name !== 'YError' ? error : usageError(message ?? error.message);
      })
      .parseAsync();
  });
}

/**
 * An option that is not a list may be given once: yargs makes a list of the second, and what a command does with a list it
 * did not ask for is anybody's guess.
 */
function requireOnce(args: Readonly<Record<string, unknown>>, { array }: { array: readonly string[] }): true {
  // yargs gives an option such as --top-k once more as topK.
  const lists = new Set([
    ...array,
    ...array.map((name) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())),
  ]);
  for (const [name, value] of Object.entries(args)) {
    if (!Array.isArray(value) || name === '_' || name === '--' || lists.has(name)) continue;
    throw usageError(`--${name} is given ${value.length} times (${value.join(', ')}); give it once`);
  }
  return true;
}
