/**
 * A foreign tensor's numbers as float32, all of them finite.
 *
 * Latents and directions come as float16 (fs3.npy on a GPU), float32 or float64 (numpy's default); anything else in their
 * place is another kind of file.
 */
import { failure, fromBfloat16, fromHalf, type RawTensor } from '@styleclip/core';
import type { LazyTensor } from '../tensor.js';

/**
 * @param where begins every message: the file, and what of it
 * @returns row-major; may be a view of the file's bytes, so not to be changed
 * @throws UserError for other dtypes and for numbers that are not finite
 */
export async function numbersOf(tensor: LazyTensor, where: string): Promise<Float32Array> {
  if (!['F16', 'BF16', 'F32', 'F64'].includes(tensor.dtype))
    throw failure(`${where}: holds ${tensor.dtype}, expected floating-point numbers (F16, BF16, F32 or F64)`);
  const numbers = toFloat32(await tensor.read());
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) throw failure(`${where}: number ${i} is ${numbers[i]}; all must be finite`);
  }
  return numbers;
}

function toFloat32({ dtype, data }: RawTensor): Float32Array {
  switch (dtype) {
    case 'F16':
      return fromHalf(data as Uint16Array);
    case 'BF16':
      return fromBfloat16(data as Uint16Array);
    case 'F64':
      return Float32Array.from(data as Float64Array);
    default:
      return data as Float32Array;
  }
}
