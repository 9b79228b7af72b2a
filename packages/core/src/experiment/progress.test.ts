import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { formatSeconds, progress } from './progress.js';

function collector(): { stream: Writable; text: () => string } {
  const pieces: string[] = [];
  return {
    stream: new Writable({ write: (chunk, _, done) => (pieces.push(String(chunk)), done()) }),
    text: () => pieces.join(''),
  };
}

describe('progress', () => {
  it('writes plain lines where there is no terminal, few of them, and the last one once', () => {
    const { stream, text } = collector();
    const bar = progress({ total: 10, label: 'train', stream });
    for (let i = 1; i <= 10; i++) bar.update(i, { loss: 0.5, phase: 'a' });
    bar.stop();
    bar.stop();
    expect(text()).toMatch(/^train: 10\/10 \(100 %\), \S+ steps\/s, 0 s left \| loss 0\.5000, phase a\n$/);
  });

  it('says where it stopped', () => {
    const { stream, text } = collector();
    const bar = progress({ total: 10, label: 'train', unit: 'pictures', start: 4, everySeconds: 0, stream });
    bar.update(5);
    bar.update(6);
    bar.stop();
    expect(text().split('\n').length).toBe(3);
    expect(text()).toContain('train: 6/10 (60 %)');
    expect(text()).toContain('pictures/s');
  });

  it('draws a bar with rate and time left on a terminal', () => {
    const screen: string[] = [];
    const terminal = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 120,
      rows: 20,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    });
    terminal.on('data', (chunk) => screen.push(String(chunk)));
    const bar = progress({ total: 4, label: 'render', stream: terminal as unknown as NodeJS.WriteStream });
    bar.update(4, { loss: 1e-5 });
    bar.stop();
    expect(screen.join('')).toContain('render');
    expect(screen.join('')).toMatch(/100% 4\/4 .* steps\/s, 0 s left \| loss 1\.00e-5/);
  });

  it('formats times', () => {
    expect([0.4, 59, 130, 7500].map(formatSeconds)).toEqual(['0 s', '59 s', '2 m 10 s', '2 h 5 m']);
  });
});
