/**
 * The Nx executor of this workspace's command lines: `node` on TypeScript sources, with the user's arguments untouched.
 *
 * Nx's own `nx:run-commands` pastes arguments into a line for a shell, which then replaces `$100` and runs what stands
 * between backticks. Here they stay an array from Nx's parser to the program. A target names its program:
 *
 *     "train": { "executor": "./tools:cli", "options": { "program": "packages/x/src/cli.ts", "command": "train" } }
 *
 * - The program runs in the workspace's root, so paths mean the same from everywhere; INIT_CWD says where the user stands.
 * - It has the terminal itself. Nx would give it a pseudo terminal and leave at Ctrl-C before it has saved; the line in
 *   `.env` switches that off.
 * - Ctrl-C reaches it from the terminal, or as SIGTERM from Nx, which ends all below it. The executor waits.
 *
 * Nx makes 1 of every exit code but 0, and takes its own options (`--verbose`, `--help`) out before they come here.
 */
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { relative } = require('node:path');

/**
 * @param {{ __unparsed__?: string[] }} options what the user wrote after the target
 * @param {import('nx/src/config/misc-interfaces').ExecutorContext} context
 * @returns {Promise<{ success: boolean }>}
 */
async function runCli({ __unparsed__: rest = [] }, context) {
  // The target's own options are read from where they are declared: in `options` an argument of that name has replaced them.
  const { program, command } = context.target.options;
  const args = [
    ...['--import', 'tsx', '--conditions=@styleclip/source', program],
    ...(command === undefined ? [] : [command]),
    ...rest,
    ...(context.isVerbose && !rest.includes('--verbose') ? ['--verbose'] : []),
  ];
  if (relative(context.root, context.cwd) !== '') {
    process.stderr.write(`paths are read from the workspace's root, ${context.root}\n`);
  }
  const child = spawn(process.execPath, args, {
    cwd: context.root,
    stdio: 'inherit',
    env: { ...process.env, INIT_CWD: process.env['INIT_CWD'] ?? context.cwd },
  });
  const code = await exitCode(child);
  return { success: code === 0 };
}

/** Waits for `child`, whatever signal comes; those that a terminal does not send to it are handed on. */
function exitCode(child) {
  const ignore = () => {};
  const handOn = (signal) => child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', handOn);
  process.on('SIGHUP', handOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', handOn);
      process.off('SIGHUP', handOn);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

module.exports = { default: runCli };
