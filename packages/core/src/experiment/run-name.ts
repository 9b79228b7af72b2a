/**
 * The one rule for the names of runs, whether they come from a configuration, from `--name` or from `--set`: a name is
 * the name of a folder, on every system, and never an option or a way to another place.
 */

/** Leaves room for the rest of a path where 260 characters are all there is. */
const LONGEST = 100;

/** Names of devices on Windows, with any extension and in any case. */
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** What is wrong with a name, in words that follow "name"; undefined when nothing is. */
export function runNameProblem(name: string): string | undefined {
  const got = `got ${JSON.stringify(name.length > 120 ? `${name.slice(0, 119)}…` : name)}`;
  if (name === '') return 'must not be empty';
  if (!/^[\w.-]+$/.test(name)) return `may hold letters, digits, ".", "_" and "-", ${got}`;
  if (!/^\w/.test(name)) return `must begin with a letter, a digit or "_", ${got}`;
  if (name.endsWith('.')) return `must not end with ".", ${got}`;
  if (DEVICES.test(name)) return `must not be the name of a device on Windows, ${got}`;
  if (name.length > LONGEST) return `may be ${LONGEST} characters long, ${got} with ${name.length}`;
  return undefined;
}
