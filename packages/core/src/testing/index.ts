/** What tests of several packages start from. Not for use outside tests. */
export { writeTinyBundle } from './tiny-bundle.js';
export { watchSessions, type SessionCounts } from './watch-sessions.js';
export { commandLine, type CommandLine, type Outcome } from './command-line.js';
