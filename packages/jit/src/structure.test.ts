import { tf } from '#tf';
import { describe, expect, it } from 'vitest';
import { flatten, signatureOf, unflatten } from './structure.js';

const signature = (part: unknown) => signatureOf(flatten(part, 'args'));

describe('signatures', () => {
  it('are as many as there are different arguments', () => {
    const parts: unknown[] = [
      ...[0, -0, 1, -1, 0.1, 1e21, NaN, Infinity, -Infinity, true, false, null, undefined],
      ...[
        '',
        '0',
        '-0',
        'NaN',
        'Infinity',
        '-Infinity',
        'true',
        'null',
        'undefined',
        'float32<>',
        '"',
        '\\',
        '\0',
        '\ud800',
      ],
      ...['\u0000NaN', '\u0000undefined', '[]', '{}', '[null]'],
      ...[[], [null], [undefined], [0], [-0], [NaN], [Infinity], [[0]], ['0'], ['a', 'b'], ['a,b'], ['a","b']],
      ...[
        {},
        { a: 1 },
        { a: '1' },
        { a: 1, b: 2 },
        { 'a:1,b': 2 },
        { '"a"': 1 },
        { '': 1 },
        { 0: 1 },
        { a: undefined },
      ],
      ...[tf.zeros([]), tf.zeros([1]), tf.zeros([1, 2]), tf.zeros([12]), tf.zeros([2], 'int32'), tf.zeros([2], 'bool')],
      ...[[tf.zeros([1]), tf.zeros([2])], [[tf.zeros([1])], tf.zeros([2])], { a: tf.zeros([1]) }, ['float32<1>']],
    ];
    const signatures = parts.map(signature);
    for (const [i, one] of signatures.entries()) expect(signatures.indexOf(one), `${one} is not the only one`).toBe(i);
  });

  it('are the same for the same arguments, whatever the order of keys and the values of tensors', () => {
    expect(signature({ a: tf.zeros([2]), b: NaN })).toBe(signature({ b: NaN, a: tf.ones([2]) }));
  });
});

describe('structures', () => {
  it('come back as they were, odd keys and holes included', () => {
    const x = tf.scalar(1);
    const structure = { 'a.b': [x, , 1], ['__proto__']: -0 }; // eslint-disable-line no-sparse-arrays
    const { skeleton, tensors } = flatten(structure, 'args');
    const back = unflatten(skeleton, tensors) as typeof structure;
    expect(Object.keys(back).sort()).toEqual(['__proto__', 'a.b']);
    expect(back['a.b']).toEqual([x, undefined, 1]);
    expect(back['a.b'][0]).toBe(x);
    expect(Object.is(Object.getOwnPropertyDescriptor(back, '__proto__')?.value, -0)).toBe(true);
  });

  it('name the part that cannot be an argument', () => {
    expect(() => flatten([{ a: 1n }], 'args')).toThrow(/^args\[0\]\.a is a BigInt/);
    expect(() => flatten({ [Symbol('s')]: 1 }, 'args')).toThrow(/^args has the key Symbol\(s\)/);
    expect(() => flatten([() => 1], 'args')).toThrow(/^args\[0\] is a function/);
    expect(() => flatten(Object.assign([1], { k: 2 }), 'args')).toThrow(/^args is an array with the property "k"/);
    const ring: unknown[] = [{}];
    (ring[0] as Record<string, unknown>).ring = ring;
    expect(() => flatten(ring, 'args')).toThrow(/^args\[0\]\.ring is a part of itself/);
  });
});
