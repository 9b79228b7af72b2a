import { describe, expect, it } from 'vitest';
import { Random, tokenize } from '@styleclip/core';
import { caption, matches, prompts, understand, wordings, type Caption } from './captions.js';
import { containsPhrase, fillColor, type Style } from './concepts.js';
import { factor, FACTORS, valueIndex, type Avatar } from './factors.js';
import { TEMPLATES } from './grammar.js';
import { avatarNumber } from './sample.js';
import { visible } from './visible.js';
import { CLOTHES_COLOR_NAMES, HAIR_COLOR_NAMES, SKIN_NAMES } from './words-colors.js';
import { CONCEPTS } from './words.js';

const COUNT = 2000;
const random = new Random('captions');
const avatars = Array.from({ length: COUNT }, (_, i) => avatarNumber(i, 3));
const trained = avatars.map((avatar) => caption(avatar, random));
const heldOut = avatars.map((avatar) => caption(avatar, random, { style: 'held-out' }));

const words = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap((text) => text.split(/[^a-z]+/)).filter(Boolean));

/** What is in a list more than once. */
function repeated(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => seen.size === seen.add(text).size);
}

describe('captions', () => {
  it('are true of their avatar and speak only of what can be seen', () => {
    avatars.forEach((avatar, i) => {
      for (const said of [trained[i]!, heldOut[i]!]) {
        if (!matches(said, avatar)) expect.fail(`not true: ${said.text}`);
        if (!said.mentions.every((mention) => visible(avatar, mention.factor)))
          expect.fail(`not to be seen: ${said.text}`);
      }
    });
  });

  it('speak of every value of every factor', () => {
    for (const captions of [trained, heldOut]) {
      const said = new Set(
        captions.flatMap(({ mentions }) =>
          mentions.flatMap(({ factor: name, values }) => values.map((v) => `${name}/${v}`)),
        ),
      );
      for (const { name, values } of FACTORS)
        values.forEach((value, i) => expect(said.has(`${name}/${i}`), `${name} ${value}`).toBe(true));
    }
  });

  it('speak of one to four factors, or of as many as asked', () => {
    const counts = new Set(trained.map(({ mentions }) => mentions.length));
    for (const count of [1, 2, 3, 4]) expect(counts.has(count)).toBe(true);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    expect(
      new Set(
        avatars.map((avatar) => new Set(caption(avatar, random, { mentions: 2 }).mentions.map((m) => m.factor)).size),
      ),
    ).toEqual(new Set([2]));
  });

  it('read as English: articles, no empty places, one space', () => {
    const texts = [...trained, ...heldOut].map(({ text }) => text);
    expect(texts.filter((text) => /[{}]| {2}|^ | $|\ba [aeiou]|\ban [^aeiou]|\band and\b|,,|^..?$/.test(text))).toEqual(
      [],
    );
  });

  it("fit into CLIP's 77 tokens", () => {
    const longest = [...trained, ...heldOut].sort((a, b) => b.text.length - a.text.length)[0]!;
    expect(() => tokenize(longest.text)).not.toThrow();
  });

  it('share no phrase, template or sentence between training and what is held back, but nearly all words', () => {
    for (const { factor: name, wordings: both } of CONCEPTS) {
      const phrases = (style: 'train' | 'held-out'): string[] => [
        ...(both[style].before ?? []),
        ...(both[style].after ?? []),
      ];
      expect(phrases('train').length, name).toBeGreaterThanOrEqual(2);
      expect(phrases('held-out').length, name).toBeGreaterThanOrEqual(2);
    }
    expect(TEMPLATES['held-out'].filter((template) => TEMPLATES.train.includes(template))).toEqual([]);
    const sentences = new Set(trained.map(({ text }) => text));
    expect(heldOut.filter(({ text }) => sentences.has(text))).toEqual([]);
    const vocabulary = words([...wordings('train'), ...trained.map(({ text }) => text)]);
    expect([...words(wordings('held-out'))].filter((word) => !vocabulary.has(word))).toEqual([]);
  });
});

describe('the wordings that are kept back', () => {
  const phrasesOf = (style: Style): string[] =>
    CONCEPTS.flatMap(({ wordings: both }) =>
      [...(both[style].before ?? []), ...(both[style].after ?? [])].map((phrase) => fillColor(phrase)),
    );
  const kept = phrasesOf('held-out');

  it('are each said of one thing, as are those of training', () => {
    expect(repeated(kept)).toEqual([]);
    expect(repeated(phrasesOf('train'))).toEqual([]);
  });

  it('stand in no wording of training, whole or within another', () => {
    const all = phrasesOf('train').join(' | ');
    expect(kept.filter((phrase) => containsPhrase(all, phrase))).toEqual([]);
  });

  it('stand in no caption of training, whole or put together of several wordings', () => {
    const all = trained.map(({ text }) => text).join(' | ');
    expect(kept.filter((phrase) => containsPhrase(all, phrase))).toEqual([]);
  });

  it('call no colour by a name that training uses for it, whole or within another', () => {
    for (const table of [HAIR_COLOR_NAMES, CLOTHES_COLOR_NAMES, SKIN_NAMES]) {
      for (const { 'held-out': heldOutNames, further } of Object.values(table)) {
        const all = Object.values(table).flatMap((names) => names.train);
        for (const name of [...heldOutNames, ...further])
          expect(
            all.filter((other) => containsPhrase(other, name)),
            name,
          ).toEqual([]);
      }
    }
  });
});

describe('matches', () => {
  const avatar: Avatar = {
    hair: valueIndex('hair', 'beanie'),
    clothing: 0,
    eyes: 0,
    brows: 0,
    mouth: 0,
    glasses: valueIndex('glasses', 'shades'),
    beard: 0,
    skin: 0,
    hairColor: valueIndex('hairColor', 'purple'),
    clothesColor: 0,
  };
  const asked = (prompt: string): boolean => matches(understand(prompt)!, avatar);

  it('knows general and specific words', () => {
    expect(asked('a person with a beanie')).toBe(true);
    expect(asked('a person with a hat')).toBe(true);
    expect(asked('a person with a brimmed hat')).toBe(false);
    expect(asked('a person with sunglasses')).toBe(true);
    expect(asked('a person with glasses')).toBe(false);
  });

  it('says no of what is hidden', () => {
    expect(asked('a person with purple hair')).toBe(false);
    expect(asked('a person with plain open eyes')).toBe(false);
  });

  it('needs all that is mentioned', () => {
    const both: Caption = {
      text: '',
      mentions: [...understand('a person with a beanie')!, ...understand('a person with a beard')!],
    };
    expect(matches(both, avatar)).toBe(false);
    expect(matches(both, { ...avatar, beard: valueIndex('beard', 'full') })).toBe(true);
  });
});

describe('prompts', () => {
  it('ask for one value each, in both styles, without repeating each other', () => {
    const all = FACTORS.flatMap(({ name, values }) =>
      values.flatMap((_, value) => (['train', 'held-out'] as const).flatMap((style) => prompts(name, value, style))),
    );
    expect(repeated(all)).toEqual([]);
    for (const { name, values } of FACTORS) {
      values.forEach((value, index) => {
        for (const style of ['train', 'held-out'] as const) {
          for (const prompt of prompts(name, index, style)) {
            const [asked] = understand(prompt) ?? [];
            if (asked?.factor !== name || asked.values.join() !== String(index))
              expect.fail(`"${prompt}" for ${name} ${value}`);
          }
        }
      });
    }
    expect(() => prompts('beard', factor('beard').values.length)).toThrow(/has 5 values/);
  });

  it.each([
    ['hairColor', 'purple', 'a person with purple hair'],
    ['hair', 'afro', 'a person with an afro'],
    ['hair', 'bob', 'a person with a bob cut'],
    ['hair', 'curly', 'a person with curly hair'],
    ['hair', 'bald', 'a bald person'],
    ['eyes', 'wide', 'a surprised person'],
    ['eyes', 'tearful', 'a person with sad eyes'],
    ['glasses', 'none', 'a person without glasses'],
    ['beard', 'none', 'a person without a beard'],
  ] as const)('%s %s begins with "%s"', (name, value, prompt) => {
    expect(prompts(name, factor(name).values.indexOf(value))[0]).toBe(prompt);
  });

  it.each([
    ['lilac hair', 'hairColor', ['purple']],
    ['an auburn-haired person', 'hairColor', ['ginger']],
    ['a person with gray hair', 'hairColor', ['silver']],
    ['a person with grey hair', 'hairColor', ['silver']],
    ['a fair-haired person', 'hairColor', ['blonde']],
    ['a person with teal hair', 'hairColor', ['green']],
    ['a person with crimson hair', 'hairColor', ['red']],
    ['a person with darker hair', 'hairColor', ['black', 'brown']],
    ['stubble', 'beard', ['short']],
    ['a person with a goatee', 'beard', ['short']],
    ['a clean-shaven person', 'beard', ['none']],
    ['a person with no beard', 'beard', ['none']],
    ['specs', 'glasses', ['round', 'square']],
    ["a person who isn't wearing glasses", 'glasses', ['none']],
    ['a person with dark lenses', 'glasses', ['sunglasses', 'shades']],
    ['big poofy hair', 'hair', ['afro']],
    ['a hairless person', 'hair', ['bald']],
    ['less hair', 'hair', ['bald', 'buzz']],
    ['shorter hair', 'hair', ['buzz', 'short', 'quiff', 'undercut']],
    ['longer hair', 'hair', ['straight', 'wavy', 'dreadlocks']],
    ['headcovering', 'hair', ['hat', 'beanie', 'turban', 'hijab']],
    ['a gaping person', 'mouth', ['open']],
    ['a person who is not smiling', 'mouth', ['serious', 'frown']],
    ['a cross-looking person', 'brows', ['angry']],
    ['a dozing person', 'eyes', ['closed']],
    ['a person in a pullover', 'clothing', ['collar']],
    ['a person in navy clothes', 'clothesColor', ['blue']],
    ['a person with darker skin', 'skin', ['brown', 'dark']],
  ] as const)('know the words of "%s"', (prompt, name, values) => {
    expect(understand(prompt)).toEqual([
      { factor: name, values: values.map((value) => factor(name).values.indexOf(value)) },
    ]);
  });

  it('are understood where they are general, and not at all where they are unknown', () => {
    expect(understand('a person with a beard')).toEqual([
      { factor: 'beard', values: [valueIndex('beard', 'short'), valueIndex('beard', 'full')] },
    ]);
    expect(understand('Purple hair.')).toEqual([{ factor: 'hairColor', values: [valueIndex('hairColor', 'purple')] }]);
    expect(understand('a person riding a horse')).toBeUndefined();
  });
});
