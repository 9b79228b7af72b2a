#!/usr/bin/env node
/** The fuzzer's command line, for people who develop the readers: `nx run checkpoints:fuzz`. It is no part of the package's own. */
import { runCommands } from '@styleclip/core';
import { fuzzCommand } from './command.js';

await runCommands('checkpoints', [fuzzCommand]);
