import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAskedPrompt, readAskedPrompts } from './asked-prompt.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'asked-'));
  const files = {
    'a.yaml': 'name: a\nprompt: a bald person\nask: { factor: hair, values: [bald] }\nignore: [hairColor]\nsteps: 3\n',
    'b.yaml': 'name: b\nprompt: a bald person\nask: { factor: hair, values: [bald] }\n',
    'c.yaml': 'name: c\nprompt: a face\nlosses: { neutral: a person with hair, clip: 1 }\n',
    'd.yaml': 'name: d\nimages: 3\n',
    'notes.txt': 'prompt: no',
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(dir, file), text);
});
afterAll(() => rm(dir, { recursive: true }));

describe('prompts of other configurations', () => {
  it('come with question and neutral text', async () => {
    expect(await readAskedPrompt(join(dir, 'a.yaml'))).toEqual({
      ...{ name: 'a', target: 'a bald person', neutral: 'a person', ignore: ['hairColor'] },
      ask: { factor: 'hair', values: ['bald'] },
    });
    expect(await readAskedPrompt(join(dir, 'c.yaml'))).toMatchObject({ neutral: 'a person with hair', ask: undefined });
    await expect(readAskedPrompt(join(dir, 'd.yaml'))).rejects.toThrow(/d\.yaml: prompt: /);
    await expect(readAskedPrompt(join(dir, 'none.yaml'))).rejects.toThrow(/none\.yaml: can't be read/);
  });

  it('are those of a folder that ask, each once', async () => {
    expect((await readAskedPrompts(dir)).map(({ name }) => name)).toEqual(['a']);
    await expect(readAskedPrompts(join(dir, 'nowhere'))).rejects.toThrow(/nowhere: can't be read/);
  });
});
