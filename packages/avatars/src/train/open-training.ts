/** What every training stands on: the device that computes, and the run's folder. */
import { join } from 'node:path';
import {
  createRun,
  fileInput,
  openDevice,
  type Device,
  type DeviceChoice,
  type Run,
  type RunInputs,
} from '@styleclip/core';
import { MAY_CHANGE } from './training-config.js';

/** Settings that are not part of the experiment. */
export interface TrainingOptions {
  /** Folder of all runs. */
  readonly root?: string;
  /** Go on with the run from its newest checkpoint. */
  readonly resume?: boolean;
  /** Replace a run of this name. */
  readonly force?: boolean;
}

/** A device as a configuration names it; 0 threads are as many as there are cores. */
export async function openConfiguredDevice({
  device,
  threads,
}: {
  readonly device: DeviceChoice;
  readonly threads: number;
}): Promise<Device> {
  return openDevice(device, threads > 0 ? { threads } : {});
}

/** What every training's configuration has. */
interface TrainingConfig {
  readonly name: string;
  readonly seed: number;
  readonly device: DeviceChoice;
  readonly threads: number;
  /** Folders of renders. */
  readonly train: string;
  readonly heldOut?: string;
}

/**
 * Opens the device, then begins the run or goes on with it.
 * @param others what the training works on besides its renders
 * @throws UserError when the run can't be had as asked for, or when what it works on has changed
 */
export async function openTraining(
  config: TrainingConfig,
  options: TrainingOptions,
  others: RunInputs = {},
): Promise<{ device: Device; run: Run }> {
  const device = await openConfiguredDevice(config);
  const run = await createRun({
    ...options,
    package: 'avatars',
    name: config.name,
    config,
    inputs: { ...(await renderInputs(config)), ...others },
    mayChange: MAY_CHANGE,
    environment: { device: device.name, seed: config.seed },
  });
  process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}\n`);
  return { device, run };
}

/** Data sets, told apart by the avatars on their pictures. */
async function renderInputs({ train, heldOut }: TrainingConfig): Promise<RunInputs> {
  return {
    train: await fileInput(join(train, 'factors.u8')),
    ...(heldOut !== undefined && { heldOut: await fileInput(join(heldOut, 'factors.u8')) }),
  };
}
