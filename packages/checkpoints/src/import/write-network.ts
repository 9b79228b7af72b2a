/**
 * A planned network into a safetensors file, tensor by tensor: read, turn, write, free. Memory stays at one tensor, as it
 * was and as it becomes, whatever the network's size.
 */
import { createSafetensors, floatsToRaw, Interrupted, readPlanned } from '@styleclip/core';
import type { NetworkPlan } from './network-plan.js';

export interface WriteOptions {
  /** Free text for the file's header. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Called after each tensor with the bytes that were read for it. */
  readonly onBytes?: (bytes: number) => void;
  /** Stops between two tensors. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the file whole or not at all.
 * @throws UserError when the source can't be read, or a number does not fit into float16
 * @throws Interrupted when the signal asks to stop
 */
export async function writeNetwork(
  path: string,
  { found, tensors, constants, file }: NetworkPlan,
  { metadata = {}, onBytes, signal }: WriteOptions = {},
): Promise<void> {
  const writer = await createSafetensors(path, file, { metadata });
  try {
    for (const [name, tensor] of Object.entries(constants)) await writer.write(name, tensor);
    for (const planned of tensors) {
      if (signal?.aborted === true) throw new Interrupted('stopped; nothing was changed');
      const { dtype } = file[planned.name] as { dtype: 'F16' | 'F32' };
      const floats = await readPlanned(found.state, planned);
      await writer.write(planned.name, floatsToRaw(floats, { dtype, where: `${found.what}: ${planned.name}` }));
      onBytes?.(planned.bytes);
    }
    await writer.finish();
  } finally {
    await writer.discard();
  }
}
