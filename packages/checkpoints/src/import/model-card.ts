/**
 * The model card of an imported bundle: where each network comes from, and under what terms. It is written from
 * bundle.json between two marks, so that what a person writes around it stays when another part is imported.
 */
import type { BundleInfo } from '@styleclip/core';

const BEGIN = '<!-- sources: written by "checkpoints import" -->';
const END = '<!-- end of sources -->';

/** What bundle.json's provenance says of an imported part. */
export interface Provenance {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly format: string;
  readonly layout: string;
  readonly licence: string;
  /** What it is, where the file is known by its hash. */
  readonly what?: string;
  /** Other things worth knowing, by name. */
  readonly notes?: Readonly<Record<string, unknown>>;
}

/**
 * @param before the card that is there, if there is one
 * @returns the whole card
 */
export function modelCard(info: BundleInfo, before?: string): string {
  const section = `${BEGIN}\n\n${sources(info)}\n${END}`;
  if (before === undefined) return `# Model card: ${info.name}\n\n${INTRODUCTION}\n\n${section}\n`;
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin < 0 || end < begin) return `${before.trimEnd()}\n\n${section}\n`;
  return before.slice(0, begin) + section + before.slice(end + END.length);
}

const INTRODUCTION = `Networks that were trained elsewhere, brought into this project's layout by \`nx run checkpoints:import\`. Nothing was
trained or changed; \`bundle.json\` has the hashes of the files here.`;

function sources(info: BundleInfo): string {
  const parts = Object.entries(importedParts(info));
  const rows = parts.map(([part, { file, bytes, sha256, layout, what }]) =>
    [part, text(file), bytes.toLocaleString('en-US'), `\`${sha256}\``, text(what ?? layout)].join(' | '),
  );
  const licences = parts.map(([part, { licence }]) => `- **${part}**: ${text(licence)}`);
  const notes = parts.flatMap(([part, provenance]) =>
    Object.entries(provenance.notes ?? {}).map(([name, value]) => `- ${part}: ${name} ${text(String(value))}`),
  );
  return [
    '## Sources',
    '',
    '| part | file | bytes | SHA-256 | what it is |',
    '| --- | --- | ---: | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    '## Licences',
    '',
    "The weights are not under this project's licence.",
    '',
    ...licences,
    '',
  ].join('\n');
}

/** The provenance of imported parts, by part. */
export function importedParts({ provenance }: BundleInfo): Readonly<Record<string, Provenance>> {
  if (typeof provenance === 'string') return {};
  return Object.fromEntries(
    Object.entries(provenance).filter(
      ([, value]) => typeof value === 'object' && value !== null && 'sha256' in value && 'layout' in value,
    ),
  ) as Record<string, Provenance>;
}

/** Text from a file, fit for one cell of a table: one line without Markdown or HTML. */
function text(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, 300)
    .replace(/[|<>[\]`*_\\]/g, (character) => (character === '_' ? '_' : `\\${character}`));
}
