import { UserError } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { MAX_CONTAINERS, MAX_DEPTH } from './limits.js';
import { OP } from './opcodes.js';
import { assemble, type Instruction, join, name, repeat, text, u32, u64 } from './testing/assembler.js';
import { read, refusal } from './testing/refusal.js';
import { PyDict, type PyList, type PyObject, type PyTuple } from './values.js';
import { walk } from './walk.js';

const MILLION = 1_000_000;

describe('programs', () => {
  it.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['nt', 'system'],
    ['subprocess', 'Popen'],
    ['subprocess', 'check_output'],
    ['builtins', 'eval'],
    ['builtins', 'exec'],
    ['builtins', 'getattr'],
    ['builtins', 'setattr'],
    ['builtins', '__import__'],
    ['builtins', 'compile'],
    ['builtins', 'open'],
    ['__builtin__', 'eval'],
    ['__builtin__', 'execfile'],
    ['__builtin__', 'apply'],
    ['importlib', 'import_module'],
    ['runpy', '_run_code'],
    ['pty', 'spawn'],
    ['socket', 'socket'],
    ['webbrowser', 'open'],
    ['shutil', 'rmtree'],
    ['operator', 'attrgetter'],
    ['functools', 'partial'],
    ['types', 'CodeType'],
    ['types', 'FunctionType'],
    ['torch.hub', 'load'],
    ['torch', 'load'],
    ['torch.serialization', 'load'],
    ['torch.utils.cpp_extension', 'load_inline'],
    ['numpy', 'load'],
    ['numpy.testing._private.utils', 'runstring'],
    ['pickle', 'loads'],
    ['_pickle', 'Unpickler'],
    ['copyreg', 'add_extension'],
    ['collections', 'OrderedDict.__reduce__'],
    ['collections.OrderedDict', '__class__'],
    ['argparse', 'Namespace.__init__.__globals__'],
    ['', ''],
    ['__main__', 'anything'],
    ['constructor', 'constructor'],
    ['__proto__', 'toString'],
  ])('%s.%s is refused by name', (module, attribute) => {
    const wanted = `refused: it wants to import "${module}.${attribute}", which is not data`;
    const call = assemble(text('id'), 'TUPLE1', 'REDUCE', 'STOP');
    expect(refusal(name(module, attribute), call)).toContain(wanted);
    expect(refusal(text(module), text(attribute), 'STACK_GLOBAL', call)).toContain(wanted);
    expect(refusal('MARK', ['INST', `${module}\n${attribute}\n`], 'STOP')).toContain(wanted);
  });

  it('calling something that is no name', () => {
    expect(refusal(text('os.system'), 'EMPTY_TUPLE', 'REDUCE', 'STOP')).toContain(
      'it calls a str, which is not a name',
    );
    expect(refusal('MARK', text('os.system'), 'OBJ', 'STOP')).toContain('it calls a str');
    const object = [name('argparse', 'Namespace'), 'EMPTY_TUPLE', 'NEWOBJ'] as const;
    expect(refusal(...object, 'EMPTY_TUPLE', 'REDUCE', 'STOP')).toContain('it calls an object of argparse.Namespace');
    expect(refusal(name('collections', 'OrderedDict'), 'NONE', 'REDUCE', 'STOP')).toContain('with None, not a tuple');
  });

  it("source text in NVIDIA's networks stays text, and its class name a label", () => {
    const meta: Instruction[] = [
      'EMPTY_DICT',
      'MARK',
      text('type'),
      text('class'),
      text('class_name'),
      text('os.system'),
    ];
    const source: Instruction[] = [text('module_src'), text("import os; os.system('id')"), 'SETITEMS'];
    const call = name('torch_utils.persistence', '_reconstruct_persistent_obj');
    const value = read(assemble(call, ...meta, ...source, 'TUPLE1', 'REDUCE', 'STOP')) as PyObject;
    expect(value.type.qualified).toBe('torch_utils.persistence.os.system');
    expect(refusal(call, 'EMPTY_DICT', 'TUPLE1', 'REDUCE', 'STOP')).toContain('no class name');
  });

  it('other encodings than latin-1', () => {
    const encode = name('_codecs', 'encode');
    expect(refusal(encode, text('a'), text('rot13'), 'TUPLE2', 'REDUCE', 'STOP')).toContain('as "rot13"');
    expect(refusal(encode, text('日'), text('latin1'), 'TUPLE2', 'REDUCE', 'STOP')).toContain('other characters');
  });

  it('the extension registry, outside buffers and persistent ids nobody knows', () => {
    expect(refusal(['EXT1', [1]], 'STOP')).toContain('EXT1');
    expect(refusal(['EXT2', [1, 0]], 'STOP')).toContain('EXT2');
    expect(refusal(['EXT4', u32(1)], 'STOP')).toContain('EXT4');
    expect(refusal('NEXT_BUFFER', 'STOP')).toContain('NEXT_BUFFER');
    expect(refusal('NONE', 'READONLY_BUFFER', 'STOP')).toContain('READONLY_BUFFER');
    expect(refusal(['PERSID', 'id\n'], 'STOP')).toContain('persistent id');
    expect(refusal(text('id'), 'BINPERSID', 'STOP')).toContain('persistent id');
  });

  it('names with control characters, line breaks or endless ones are shown fit to be seen', () => {
    expect(refusal(text('a\nb\u001b[31m'), text('x\u2028\u202e'), 'STACK_GLOBAL')).toContain(
      '"a\\nb\\u001b[31m.x\\u2028\\u202e"',
    );
    expect(refusal(['BINUNICODE', u32(5000), 'n'.repeat(5000)], text('x'), 'STACK_GLOBAL').length).toBeLessThan(400);
    expect(refusal(['GLOBAL', `${'m'.repeat(5000)}\nx\n`])).toContain('limit');
  });
});

describe('nesting', () => {
  it.each([
    ['tuples', join(assemble('EMPTY_TUPLE'), repeat(MILLION, 'TUPLE1'))],
    ['tuples, few of them', join(assemble('EMPTY_TUPLE'), repeat(MAX_DEPTH, 'TUPLE1'))],
    ['lists', join(repeat(MILLION, 'EMPTY_LIST'), repeat(MILLION - 1, 'APPEND'))],
    ['lists, few of them', join(repeat(MAX_DEPTH + 1, 'EMPTY_LIST'), repeat(MAX_DEPTH, 'APPEND'))],
    ['marks', repeat(MILLION, 'MARK')],
    ['lists by marks', join(repeat(MAX_DEPTH + 1, 'MARK'), repeat(MAX_DEPTH + 1, 'LIST'))],
    ['sets', join(repeat(2000, 'EMPTY_SET', 'MARK'), repeat(2000, 'ADDITEMS'))],
    ['dicts', join(repeat(2000, 'EMPTY_DICT', 'NONE'), assemble('NONE'), repeat(2000, 'SETITEM'))],
    ['keys', join(assemble('NONE'), repeat(2000, 'TUPLE1'), assemble('MARK', 'NONE', 'NONE', 'DICT'), assemble('POP'))],
    ['objects', join(repeat(2000, name('argparse', 'Namespace'), 'EMPTY_TUPLE', 'NEWOBJ'), repeat(1999, 'BUILD'))],
  ])('of %s is refused', (_kind, bytes) => {
    expect(refusal(bytes, 'STOP')).toMatch(/nests deeper than 1000|makes more than/);
  });

  it('through shared parts is measured along the longest way', () => {
    // A list that is met first near the root, then again at the bottom of a chain of 600.
    const chain = join(assemble('EMPTY_LIST'), repeat(600, 'TUPLE1'), assemble('MEMOIZE'));
    const again = join(assemble(['BINGET', [0]]), repeat(600, 'TUPLE1'), assemble('TUPLE2'));
    expect(refusal(chain, again, 'STOP')).toContain('nests deeper than 1000');
  });

  it('as deep as the limit is read', () => {
    expect(read(join(assemble('EMPTY_TUPLE'), repeat(MAX_DEPTH - 1, 'TUPLE1'), assemble('STOP')))).toBeDefined();
  });
});

describe('structures that contain themselves', () => {
  const list: Instruction[] = ['EMPTY_LIST', 'MEMOIZE'];
  const dict: Instruction[] = ['EMPTY_DICT', 'MEMOIZE'];
  const get: Instruction = ['BINGET', [0]];
  it.each<[string, Instruction[]]>([
    ['a list', [...list, get, 'APPEND']],
    ['a tuple in a list', [...list, get, 'TUPLE1', 'APPEND']],
    ['a dict by value', [...dict, 'NONE', get, 'SETITEM']],
    ['a dict by key', [...dict, get, 'NONE', 'SETITEM']],
    ['a dict by state', [name('collections', 'OrderedDict'), 'EMPTY_TUPLE', 'REDUCE', 'MEMOIZE', get, 'BUILD']],
    ['an object', [name('argparse', 'Namespace'), 'EMPTY_TUPLE', 'NEWOBJ', 'MEMOIZE', get, 'BUILD']],
    ['a set', ['EMPTY_SET', 'MEMOIZE', 'MARK', get, 'ADDITEMS']],
  ])('%s', (_kind, instructions) => {
    expect(refusal(...instructions, 'STOP')).toContain('contains itself');
  });
});

describe('sizes', () => {
  it.each<[string, Instruction]>([
    ['BINBYTES8', ['BINBYTES8', u64(2n ** 64n - 1n)]],
    ['BYTEARRAY8', ['BYTEARRAY8', u64(2n ** 63n)]],
    ['BINUNICODE8', ['BINUNICODE8', u64(2n ** 40n)]],
    ['BINBYTES', ['BINBYTES', u32(0xffffffff)]],
    ['BINUNICODE', ['BINUNICODE', u32(0xffffffff)]],
    ['BINSTRING', ['BINSTRING', u32(0x7fffffff)]],
    ['SHORT_BINBYTES', ['SHORT_BINBYTES', [255]]],
    ['SHORT_BINUNICODE', ['SHORT_BINUNICODE', [255]]],
    ['FRAME', ['FRAME', u64(2n ** 62n)]],
    ['LONG1', ['LONG1', [200]]],
    ['BININT', ['BININT', [1]]],
    ['BINFLOAT', ['BINFLOAT', [1, 2]]],
    ['PROTO', 'PROTO'],
  ])('%s past the end of the file', (opcode, instruction) => {
    expect(refusal(instruction)).toMatch(new RegExp(`${opcode} (needs|claims) \\d+ bytes where`));
  });

  it('below zero', () => {
    expect(refusal(['BINSTRING', u32(0x80000000)], 'STOP')).toContain('negative size -2147483648');
    expect(refusal(['LONG4', u32(0xffffffff)], 'STOP')).toContain('negative size -1');
  });

  it('of integers', () => {
    expect(refusal(['LONG4', u32(100_000_000)], 'STOP')).toContain('an integer of 100000000 bytes');
    expect(refusal(['LONG', `${'9'.repeat(2000)}L\n`], 'STOP')).toContain('no valid integer');
    expect(refusal(['INT', `${'9'.repeat(MILLION)}\n`], 'STOP')).toContain('limit');
  });

  it('of tables', () => {
    expect(refusal(repeat(MAX_CONTAINERS + 1, 'EMPTY_LIST'), 'STOP')).toContain('lists and dicts');
    expect(refusal(repeat(6 * MILLION, 'NONE'), 'STOP')).toContain('instructions');
  });

  it('of the memo', () => {
    expect(refusal('NONE', ['LONG_BINPUT', u32(0xffffffff)], 'STOP')).toContain('place 4294967295 of a memo of 0');
    expect(refusal('NONE', ['PUT', '99999999999999999999\n'], 'STOP')).toContain('no valid place');
    expect(refusal('NONE', ['PUT', '-1\n'], 'STOP')).toContain('no valid place');
    expect(refusal('NONE', ['BINPUT', [0]], ['BINPUT', [0]], 'STOP')).toContain('place 0 of the memo twice');
    expect(refusal(['LONG_BINGET', u32(0xffffffff)], 'STOP')).toContain('place 4294967295 of the memo is empty');
    expect(refusal(['GET', '7\n'], 'STOP')).toContain('place 7 of the memo is empty');
  });

  it('of dicts whose keys can be chosen to meet in one place', () => {
    for (const key of [(i: number): Instruction => ['BININT', u32(i)], (i: number) => text(String(i))]) {
      const entries = join(...Array.from({ length: 50_001 }, (_, i) => assemble(key(i), 'NONE')));
      expect(refusal('EMPTY_DICT', 'MARK', entries, 'SETITEMS', 'STOP')).toContain('50000 keys that are numbers');
    }
  });

  it('of copies: one long text encoded again and again', () => {
    const encode = [name('_codecs', 'encode'), ['BINGET', [0]], ['BINGET', [1]], 'TUPLE2', 'REDUCE', 'POP'] as const;
    const long: Instruction = ['BINUNICODE', u32(MILLION), 'a'.repeat(MILLION)];
    const bytes = [assemble(long, 'MEMOIZE', text('latin1'), 'MEMOIZE'), repeat(1000, ...encode)];
    expect(refusal(...bytes, 'STOP')).toContain('copies more than twice');
  });

  it('of copies: one long list made into many sets', () => {
    const list = join(assemble('EMPTY_LIST', 'MEMOIZE', 'MARK'), repeat(100_000, 'NONE'), assemble('APPENDS'));
    const set = repeat(20_000, name('builtins', 'set'), ['BINGET', [0]], 'TUPLE1', 'REDUCE', 'POP');
    expect(refusal(list, set, 'STOP')).toContain('copies more than twice');
  });
});

describe('broken programs', () => {
  it('stacks that are too short', () => {
    const popping: Instruction[] = [
      'POP',
      'DUP',
      'TUPLE1',
      'TUPLE2',
      'TUPLE3',
      'APPEND',
      'SETITEM',
      'REDUCE',
      'NEWOBJ',
    ];
    popping.push('NEWOBJ_EX', 'STACK_GLOBAL', 'BUILD', 'BINPERSID', 'MEMOIZE', ['BINPUT', [0]], 'STOP');
    for (const opcode of popping) expect(refusal(opcode, 'STOP')).toMatch(/on the stack/);
    const marked: Instruction[] = ['TUPLE', 'LIST', 'DICT', 'APPENDS', 'SETITEMS', 'ADDITEMS', 'FROZENSET', 'POP_MARK'];
    marked.push('OBJ', ['INST', 'argparse\nNamespace\n']);
    for (const opcode of marked) expect(refusal('NONE', opcode, 'STOP')).toContain('finds no mark on the stack');
  });

  it('taking from below a mark', () => {
    expect(refusal('NONE', 'MARK', 'TUPLE1', 'STOP')).toContain('on the stack');
    expect(refusal('EMPTY_LIST', 'MARK', 'NONE', 'APPEND', 'STOP')).toContain('on the stack');
    expect(refusal('MARK', 'OBJ', 'STOP')).toContain('no class');
  });

  it('missing ends', () => {
    expect(refusal('NONE')).toContain('ends without STOP');
    expect(refusal(new Uint8Array(0))).toContain('ends without STOP');
    expect(refusal(['GLOBAL', 'no end of line'])).toContain('has no end');
    expect(refusal('NONE', 'NONE', 'STOP')).toContain('leaves values on the stack');
    expect(refusal('MARK', 'NONE', 'STOP')).toContain('leaves values on the stack');
  });

  it('things put where they can not go', () => {
    expect(refusal('NONE', 'NONE', 'APPEND', 'STOP')).toContain('appends to None');
    expect(refusal('EMPTY_LIST', 'NONE', 'NONE', 'SETITEM', 'STOP')).toContain('sets items of a list');
    expect(refusal('EMPTY_DICT', 'MARK', 'NONE', 'SETITEMS', 'STOP')).toContain('a key without a value');
    expect(refusal('EMPTY_TUPLE', 'NONE', 'BUILD', 'STOP')).toContain('gives a state to a tuple');
    expect(refusal('NONE', 'NONE', 'STACK_GLOBAL', 'STOP')).toContain('takes two strings');
  });

  it('no instructions, and protocols to come', () => {
    expect(refusal(Uint8Array.of(0xff), 'STOP')).toContain('0xff is not an instruction');
    expect(refusal(['PROTO', [6]], 'NONE', 'STOP')).toContain('protocol 6');
    const known = new Set<number>(Object.values(OP));
    for (let byte = 0; byte < 256; byte++)
      if (!known.has(byte)) expect(refusal(Uint8Array.of(byte), 'STOP')).toContain('is not an instruction');
  });

  it('text that is none', () => {
    expect(refusal(['SHORT_BINUNICODE', [2], [0xc3, 0x28]], 'STOP')).toContain('not UTF-8');
    expect(refusal(['SHORT_BINUNICODE', [3], [0xed, 0xa0, 0x80]], 'STOP')).toContain('not UTF-8');
    expect(refusal(['UNICODE', '\\u12\n'], 'STOP')).toContain('no valid text');
    expect(refusal(['UNICODE', '\\U00110000\n'], 'STOP')).toContain('no valid text');
    expect(refusal(['STRING', "'open\n"], 'STOP')).toContain('no valid quoted string');
    expect(refusal(['STRING', "'\\q'\n"], 'STOP')).toContain('no valid quoted string');
    expect(refusal(['STRING', "'\n"], 'STOP')).toContain('no valid quoted string');
    expect(refusal(['FLOAT', '1.5e\n'], 'STOP')).toContain('no valid number');
    expect(refusal(['INT', '0x10\n'], 'STOP')).toContain('no valid integer');
    expect(refusal(['INT', '\n'], 'STOP')).toContain('no valid integer');
  });
});

describe('structures whose expansion has no end', () => {
  /** A list of two that are one list of two … 60 levels: 2^60 leaves from 300 bytes. */
  const laughs = join(assemble('EMPTY_LIST'), repeat(60, 'DUP', 'TUPLE2'), assemble('STOP'));

  it('are read, being small', () => {
    const value = read(laughs) as PyTuple;
    expect(value.items[0]).toBe(value.items[1]);
  });

  it('are walked within a limit', () => {
    const visit = () => [...walk(read(laughs), { name: 'x.pkl', limit: 1000 })];
    expect(visit).toThrow('x.pkl: refused: it expands to more than 1000 values');
    const whole = () => {
      let count = 0;
      for (const _ of walk(read(laughs), { name: 'x.pkl' })) count++;
      return count;
    };
    expect(whole).toThrow(UserError);
  });

  it('can be entered where wanted', () => {
    const tree = new PyDict([['a', read(laughs)]]);
    const paths: string[] = [];
    for (const { path } of walk(tree, { name: 'x', enter: ({ path }) => path.length < 2 })) paths.push(path.join('.'));
    expect(paths).toEqual(['', 'a', 'a.0', 'a.1']);
  });

  it('as shared lists stay one list', () => {
    const bytes = assemble('EMPTY_LIST', 'MEMOIZE', 'MARK', ['BINGET', [0]], ['BINGET', [0]], 'LIST', 'TUPLE2', 'STOP');
    const [first, second] = (read(bytes) as PyTuple).items as [PyList, PyList];
    expect(second.items[0]).toBe(first);
  });
});
