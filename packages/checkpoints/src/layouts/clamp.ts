/** NVIDIA's `conv_clamp` as the tensor that core's synthesis reads. */
import type { RawTensor } from '@styleclip/core';

export function clampConstant(convClamp: number): Readonly<Record<string, RawTensor>> {
  return { convClamp: { dtype: 'F32', shape: [], data: Float32Array.of(convClamp) } };
}
