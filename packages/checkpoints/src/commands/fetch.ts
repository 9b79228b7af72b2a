/**
 * `checkpoints fetch`: downloads what the table knows, and says what to do with it.
 *
 *     nx run checkpoints:fetch --list
 *     nx run checkpoints:fetch --name ffhq --accept-licence
 *
 * Progress and words go to stderr; stdout gets one line of JSON with the paths.
 */
import type { CommandModule } from 'yargs';
import { progress, type Progress, usageError } from '@styleclip/core';
import { fetchKnown, type Meter } from '../fetch/fetch-known.js';
import { hubSettings } from '../fetch/hub-cache.js';
import { KNOWN_FILES } from '../fetch/known-files.js';
import { listKnownFiles } from '../fetch/list-known-files.js';
import { inMegabytes } from '../fetch/megabytes.js';
import { stopOnSignals } from './stop-on-signals.js';

interface FetchArguments {
  name: string | undefined;
  'accept-licence': boolean;
  list: boolean;
}

export const fetchCommand: CommandModule<object, FetchArguments> = {
  command: 'fetch',
  describe: 'download known checkpoints, verified, into the Hugging Face cache',
  builder: (y) =>
    y
      .option('name', { type: 'string', describe: 'a set or a file of --list, such as ffhq' })
      .option('accept-licence', {
        type: 'boolean',
        default: false,
        describe: 'you have read the licences that are shown and accept them',
      })
      .option('list', { type: 'boolean', default: false, describe: 'show what is known and stop' })
      .epilogue(
        'Files go to $HF_HUB_CACHE, $HF_HOME/hub or ~/.cache/huggingface/hub; HF_HUB_OFFLINE=1 uses only what is there; HF_ENDPOINT names another Hugging Face server.',
      ),
  handler: async ({ name, 'accept-licence': acceptLicence, list }) => {
    if (list) {
      process.stdout.write(listKnownFiles(KNOWN_FILES));
      return;
    }
    if (name === undefined) throw usageError('say what to fetch: --name NAME (--list shows the names)');
    const stop = stopOnSignals();
    try {
      const fetched = await fetchKnown(name, {
        settings: hubSettings(),
        acceptLicence,
        signal: stop.signal,
        log: (line) => void process.stderr.write(`${line}\n`),
        meter: byteMeter,
      });
      if (fetched.import !== undefined) process.stderr.write(`next: ${fetched.import}\n`);
      process.stdout.write(`${JSON.stringify(fetched)}\n`);
    } finally {
      stop.release();
    }
  },
};

/** A bar in megabytes, which begins when the server has said how many bytes there are. */
function byteMeter(label: string): Meter {
  let bar: Progress | undefined;
  return {
    update(done, total) {
      if (total === undefined) return;
      bar ??= progress({ total: inMegabytes(total), start: inMegabytes(done), label, unit: 'MB' });
      bar.update(inMegabytes(done));
    },
    stop: () => bar?.stop(),
  };
}
