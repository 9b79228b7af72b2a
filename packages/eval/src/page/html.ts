/**
 * A report as one HTML file that needs nothing else: pictures are in it, styles are in it, there is no script. It reads on a phone
 * (wide tables scroll by themselves) and follows the reader's choice of light or dark.
 */
import type { Figure, Section, Table } from './section.js';
import type { Page } from './page.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #ffffff; --soft: #5c5c66; --line: #d9d9e0; --warn: #8a4b00; --wash: #f6f6f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf1; --paper: #16161a; --soft: #a3a3ad; --line: #3a3a42; --warn: #f0b060; --wash: #202026; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
nav ul { padding-left: 1.2rem; columns: 16rem; } a { color: inherit; }
.scroll { overflow-x: auto; margin: 1rem 0; } table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; caption-side: top; }
th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal; }
th { font-weight: 600; white-space: nowrap; } td { min-width: 3.5rem; }
figure { margin: 1rem 0; } figure img { max-width: 100%; height: auto; background: #fff; border-radius: 4px; } figcaption, .soft { color: var(--soft); font-size: .9rem; }
.missing { border-left: 3px solid var(--warn); padding: .1rem 0 .1rem .8rem; margin: 1rem 0; } .missing strong { color: var(--warn); }
details { margin: 1rem 0; } summary { cursor: pointer; } pre { background: var(--wash); padding: .7rem; overflow-x: auto; font-size: .85rem; border-radius: 4px; }
code { background: var(--wash); padding: 0 .2em; border-radius: 3px; font-size: .92em; }
@media print { nav, details { display: none; } }
`;

/** The whole page. */
export function toHtml({ title, lead, missing, sections, provenance, facts }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
${lead.map((text) => `<p>${inline(text)}</p>`).join('\n')}
${note('Missing from this report', missing)}
</header>
<nav aria-label="Sections">
<ul>
${sections.map(({ name, title: heading }) => `<li><a href="#${escape(name)}">${escape(heading)}</a></li>`).join('\n')}
<li><a href="#made">How the numbers were made</a></li>
</ul>
</nav>
<main>
${sections.map(section).join('\n')}
<section id="made">
<h2>How the numbers were made</h2>
${table({ caption: 'What they come from', head: ['', ''], rows: facts })}
<details><summary>Every piece of work: ${provenance.rows.length} lines</summary>
${table(provenance)}
</details>
</section>
</main>
</body>
</html>
`;
}

function section({ name, title, text, tables, figures, missing, differs }: Section): string {
  return `<section id="${escape(name)}">
<h2>${escape(title)}</h2>
${text.map((paragraph) => `<p>${inline(paragraph)}</p>`).join('\n')}
${note('Missing', missing)}
${tables
  .filter(({ rows }) => rows.length > 0)
  .map(table)
  .join('\n')}
${figures.map(figure).join('\n')}
${differs.length > 0 ? `<p class="soft">Not comparable to the paper: ${differs.map(inline).join(' ')}</p>` : ''}
</section>`;
}

function table({ caption, head, rows }: Table): string {
  const headRow = head.some((cell) => cell !== '')
    ? `<thead><tr>${head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr></thead>`
    : '';
  const body = rows.map(
    ([first = '', ...rest]) =>
      `<tr><th scope="row">${escape(first)}</th>${rest.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escape(caption)}"><table><caption>${escape(caption)}</caption>${headRow}<tbody>${body.join('\n')}</tbody></table></div>`;
}

function figure({ png, caption, alt }: Figure): string {
  const data = Buffer.from(png).toString('base64');
  return `<figure><img src="data:image/png;base64,${data}" alt="${escape(alt)}"><figcaption>${inline(caption)}</figcaption></figure>`;
}

function note(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<div class="missing"><strong>${escape(heading)}</strong><ul>${lines.map((line) => `<li>${inline(line)}</li>`).join('')}</ul></div>`;
}

/** Text with `code` between backticks. */
function inline(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
