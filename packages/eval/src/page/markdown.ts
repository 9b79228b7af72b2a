/** A report as Markdown, with its pictures beside it in `figures/`: for repositories and issue trackers. */
import type { Page } from './page.js';
import type { Section, Table } from './section.js';

/** The whole page. */
export function toMarkdown({ title, lead, missing, sections, facts, provenance }: Page): string {
  const parts = [
    `# ${title}`,
    ...lead,
    ...note('Missing from this report', missing),
    ...sections.flatMap(section),
    '## How the numbers were made',
    table({ caption: 'What they come from', head: ['what', 'value'], rows: facts }),
    table(provenance),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section({ title, text, tables, figures, missing, differs }: Section): string[] {
  return [
    `## ${title}`,
    ...text,
    ...note('Missing', missing),
    ...tables.filter(({ rows }) => rows.length > 0).map(table),
    ...figures.map(({ file, caption, alt }) => `![${alt}](figures/${file})\n\n${caption}`),
    ...(differs.length > 0 ? [`Not comparable to the paper: ${differs.join(' ')}`] : []),
  ];
}

function table({ caption, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`${caption}:`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function note(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`**${heading}:**\n\n${lines.map((entry) => `- ${entry}`).join('\n')}`];
}
