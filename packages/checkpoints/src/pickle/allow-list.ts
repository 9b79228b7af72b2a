/**
 * The names that a pickle may use, by purpose.
 *
 * A pickle names classes and functions, and Python would import and call them; that is how a checkpoint becomes a
 * program. Here a name is only ever a name (values.ts), so this list is the second lock: what is not known to be
 * data is refused, in words that say what the file wanted, before anything downstream sees it.
 *
 * Names are compared whole, after Python 2's modules and numpy's renamed ones are given their present-day names; a
 * dotted name (`a.b`, how protocol 4 reaches attributes) matches only where it is listed just so.
 */

/** What the caller expects in the file. */
export type Purpose = 'base' | 'numpy' | 'torch' | 'nvidia' | 'torchscript' | 'modules';

export interface AllowList {
  isAllowed(module: string, name: string): boolean;
  /** A few of the names, for a message. */
  describe(): string;
  /** Whether it is for files that may hold whole networks. */
  readonly takesModules: boolean;
}

const EXACT: Readonly<Record<Purpose, readonly string[]>> = {
  base: [
    'collections.OrderedDict',
    'collections.defaultdict',
    'collections.Counter',
    'builtins.set',
    'builtins.frozenset',
    'builtins.bytes',
    'builtins.bytearray',
    'builtins.slice',
    'builtins.range',
    'builtins.complex',
    'builtins.object',
    'builtins.list',
    'builtins.dict',
    'builtins.tuple',
    'builtins.int',
    'builtins.float',
    'builtins.str',
    'builtins.bool',
    '_codecs.encode',
    'copyreg._reconstructor',
    'argparse.Namespace',
    'types.SimpleNamespace',
    'pathlib.Path',
    'pathlib.PurePath',
    'pathlib.PosixPath',
    'pathlib.PurePosixPath',
    'pathlib.WindowsPath',
    'pathlib.PureWindowsPath',
  ],
  numpy: [
    'numpy.ndarray',
    'numpy.dtype',
    'numpy.core.multiarray._reconstruct',
    'numpy.core.multiarray.scalar',
    'numpy.core.numeric._frombuffer',
  ],
  torch: [
    'torch._utils._rebuild_tensor',
    'torch._utils._rebuild_tensor_v2',
    'torch._utils._rebuild_tensor_v3',
    'torch._utils._rebuild_parameter',
    'torch._utils._rebuild_parameter_with_state',
    'torch._utils._rebuild_device_tensor_from_numpy',
    'torch._tensor._rebuild_from_type_v2',
    'torch.nn.parameter.Parameter',
    'torch.Tensor',
    'torch.Size',
    'torch.device',
    'torch.Generator',
    'torch.storage._load_from_bytes',
    'torch.storage.TypedStorage',
    'torch.storage._TypedStorage',
    'torch.storage.UntypedStorage',
    'torch.storage._UntypedStorage',
    'torch.serialization._get_layout',
    ...['Float', 'Double', 'Half', 'BFloat16', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool', 'Untyped', 'Typed'].map(
      (kind) => `torch.${kind}Storage`,
    ),
    ...['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool']
      .concat(['uint16', 'uint32', 'uint64', 'float', 'double', 'half', 'long', 'int', 'short'])
      .map((dtype) => `torch.${dtype}`),
    'torch.strided',
    'torch.contiguous_format',
    'torch.channels_last',
    'torch.preserve_format',
  ],
  nvidia: [
    'torch_utils.persistence._reconstruct_persistent_obj',
    'dnnlib.util.EasyDict',
    'dnnlib.EasyDict',
    'dnnlib.tflib.network.Network',
  ],
  torchscript: [
    'torch.jit._pickle.build_intlist',
    'torch.jit._pickle.build_tensorlist',
    'torch.jit._pickle.build_doublelist',
    'torch.jit._pickle.build_boollist',
    'torch.jit._pickle.build_tensor_from_id',
    'torch.jit._pickle.restore_type_tag',
  ],
  modules: [],
};

/** Whole families, by the start of their module's name. */
const PREFIXES: Readonly<Partial<Record<Purpose, readonly string[]>>> = {
  // Classes that the archive itself declares, in TorchScript's code/ folder.
  torchscript: ['__torch__'],
  // torch.save of a whole nn.Module: the layers' classes, whose state is a dict.
  modules: ['torch.nn.modules', 'torch.nn.parallel'],
};

/** Modules that were renamed, by Python 3 or by numpy 2. */
const RENAMED: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
  'numpy._core.multiarray': 'numpy.core.multiarray',
  'numpy._core.numeric': 'numpy.core.numeric',
  'pathlib._local': 'pathlib',
};

/** Built-in names of Python 2, which Python 3 writes too in protocols 0 to 2. */
const RENAMED_BUILTINS: Readonly<Record<string, string>> = { long: 'int', unicode: 'str', xrange: 'range' };

/** The present-day names of a module and what is in it, so that one list serves old files too. */
export function modernName(module: string, name: string): { module: string; name: string } {
  if (!Object.hasOwn(RENAMED, module)) return { module, name };
  const old = module === '__builtin__' && Object.hasOwn(RENAMED_BUILTINS, name);
  return { module: RENAMED[module] as string, name: old ? (RENAMED_BUILTINS[name] as string) : name };
}

/** The names that belong to these purposes. */
export function allowList(...purposes: readonly Purpose[]): AllowList {
  const names = new Set(purposes.flatMap((purpose) => EXACT[purpose]));
  const prefixes = purposes.flatMap((purpose) => PREFIXES[purpose] ?? []);
  return {
    isAllowed(module, name) {
      const modern = modernName(module, name);
      if (names.has(`${modern.module}.${modern.name}`)) return true;
      return prefixes.some((prefix) => modern.module === prefix || modern.module.startsWith(`${prefix}.`));
    },
    takesModules: purposes.includes('modules') || purposes.includes('nvidia'),
    describe() {
      const shown = [...names].slice(0, 3).concat(prefixes.map((prefix) => `${prefix}.*`));
      const hidden = names.size - Math.min(3, names.size);
      return shown.join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
    },
  };
}
