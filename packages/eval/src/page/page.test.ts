import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { toHtml } from './html.js';
import { toMarkdown } from './markdown.js';
import { numbersToArrow } from './numbers-file.js';
import type { Page } from './page.js';
import { duration, fixed, withInterval } from './section.js';

const png = Uint8Array.from([137, 80, 78, 71]);

const page: Page = {
  title: 'A report on <b>hair</b>',
  lead: ['Made by `nx run eval:report`.'],
  missing: ['the report was stopped'],
  sections: [
    {
      name: 'table2',
      title: 'Table 2',
      text: ['Cosines & more'],
      tables: [{ caption: 'Numbers', head: ['prompt', 'a|b'], rows: [['"purple" <hair>', '0.5|1']] }],
      figures: [{ file: 'figure.png', png, caption: 'A figure', alt: 'What it shows' }],
      numbers: [],
      missing: ['afro: no network'],
      differs: ['Other faces.'],
    },
  ],
  facts: [['seed', '1']],
  provenance: { caption: 'Work', head: ['job', 'took'], rows: [['mapper/afro', '3 s']] },
};

describe('toHtml', () => {
  const html = toHtml(page);

  it('holds everything in one file, with nothing fetched and nothing run', () => {
    expect(html).toContain(`src="data:image/png;base64,${Buffer.from(png).toString('base64')}"`);
    expect(html).not.toMatch(/<script|<link|https?:/);
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(html).toContain('prefers-color-scheme: dark');
  });

  it('shows texts as they are written', () => {
    expect(html).toContain('A report on &lt;b&gt;hair&lt;/b&gt;');
    expect(html).toContain('&quot;purple&quot; &lt;hair&gt;');
    expect(html).toContain('<code>nx run eval:report</code>');
    expect(html).not.toContain('<hair>');
  });

  it('names what is missing, at the top and in the section', () => {
    expect(html.indexOf('the report was stopped')).toBeLessThan(html.indexOf('<nav'));
    expect(html).toContain('afro: no network');
    expect(html).toContain('Not comparable to the paper: Other faces.');
  });
});

describe('toMarkdown', () => {
  it('is the same, with pictures beside it and bars that don’t break tables', () => {
    const text = toMarkdown(page);
    expect(text).toContain('![What it shows](figures/figure.png)');
    expect(text).toContain('| prompt | a\\|b |\n| --- | --- |\n| "purple" <hair> | 0.5\\|1 |');
    expect(text).toContain('- afro: no network');
  });
});

describe('numbersToArrow', () => {
  it('can be read again, with what is not there marked', () => {
    const rows = [
      {
        section: 'table2',
        method: 'mapper',
        prompt: 'afro',
        name: 'all',
        value: 0.8,
        std: 0.1,
        n: 190,
        paper: 0.84,
        job: 'table2/afro',
      },
      {
        section: 'measures',
        method: 'mapper',
        prompt: 'locken-ü',
        name: 'hit',
        value: 0.5,
        low: 0.4,
        high: 0.6,
        job: 'm',
      },
    ];
    const table = tableFromIPC(numbersToArrow(rows, { seed: '1' }));
    expect(table.numRows).toBe(2);
    expect(table.schema.metadata.get('seed')).toBe('1');
    const [first, second] = [table.get(0)!.toJSON(), table.get(1)!.toJSON()];
    expect(first).toMatchObject({ section: 'table2', name: 'all', value: 0.8, std: 0.1, n: 190, paper: 0.84 });
    expect(first['low']).toBeNaN();
    expect(second).toMatchObject({ prompt: 'locken-ü', value: 0.5, low: 0.4, high: 0.6, n: -1 });
    expect(tableFromIPC(numbersToArrow([], {})).numRows).toBe(0);
  });
});

describe('numbers as text', () => {
  it('are short, and dashes where there is none', () => {
    expect([fixed(0.12345, 2), fixed(null), fixed(NaN)]).toEqual(['0.12', '–', '–']);
    expect(withInterval({ mean: 0.5, low: 0.4, high: 0.61 })).toBe('0.50 [0.40, 0.61]');
    expect([duration(0.0123), duration(5), duration(130), duration(7500), duration(null)]).toEqual([
      '12 ms',
      '5.0 s',
      '2 m 10 s',
      '2 h 5 m',
      '–',
    ]);
  });
});
