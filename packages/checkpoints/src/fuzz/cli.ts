#!/usr/bin/env node
/**
 * The command line of the fuzzer, apart from the package's own: it needs the fixtures and the forges of the tests, which
 * are not published.
 *
 *     nx run checkpoints:fuzz --format pickle
 */
import { runCommands } from '@styleclip/core';
import { fuzzCommand } from './command.js';

await runCommands('checkpoints', [fuzzCommand]);
