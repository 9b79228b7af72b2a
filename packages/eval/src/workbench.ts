/**
 * What a report works with: networks, device, held-out latents and what is seen of their pictures. All of it is opened when it
 * is first asked for, so a report whose jobs were all done before loads nothing.
 */
import {
  disposeAll,
  disposeNetworks,
  loadNetworks,
  openDevice,
  render,
  sampledLatents,
  textTarget,
  tf,
  type Device,
  type Networks,
  type WPlus,
} from '@styleclip/core';
import type { ReportConfig } from './config.js';
import { joinSeen, openEyes, type Eyes, type Rows, type Seen } from './seen.js';

/** Pictures that are drawn and looked at in one go. */
export const BATCH = 20;

export type WorkbenchOptions = Pick<ReportConfig, 'bundle' | 'seed' | 'device' | 'threads' | 'truncation' | 'heldOut'>;

export class Workbench {
  private readonly options: WorkbenchOptions;
  private readonly opened = new Map<string, Promise<unknown>>();
  private readonly closers: (() => Promise<void> | void)[] = [];

  constructor(options: WorkbenchOptions) {
    this.options = options;
  }

  /** How many held-out latents there are. */
  get count(): number {
    return this.options.heldOut;
  }

  device(): Promise<Device> {
    const { device, threads } = this.options;
    return this.once('device', () => openDevice(device, threads > 0 ? { threads } : {}));
  }

  networks(): Promise<Networks> {
    return this.once('networks', async () => {
      const networks = await loadNetworks(this.options.bundle);
      this.closers.push(() => disposeNetworks(networks));
      return networks;
    });
  }

  /** All held-out latents [N,L,D]; they stay the workbench's. */
  heldOut(): Promise<WPlus> {
    return this.once('held-out', async () => {
      const { generator, layerGroups } = await this.networks();
      const { seed, truncation, heldOut } = this.options;
      const source = sampledLatents(generator, await this.device(), layerGroups, { seed, truncation, mixing: 0 });
      const latents = await source.rows('heldOut', 0, heldOut);
      await source.dispose();
      this.closers.push(() => latents.dispose());
      return latents;
    });
  }

  /** Held-out latents `from … from+count-1`. The caller disposes them. */
  async latents(from: number, count: number): Promise<WPlus> {
    const all = await this.heldOut();
    return tf.slice(all, [from, 0, 0], [count, -1, -1]);
  }

  /** Pictures [count,R,R,3] of held-out latents as they are. The caller disposes them. */
  async pictures(from: number, count: number): Promise<tf.Tensor4D> {
    const draw = await this.once('draw', async () => {
      const { generator } = await this.networks();
      const compiled = (await this.device()).compile((wPlus: WPlus) => render(generator, wPlus), { name: 'render' });
      this.closers.push(() => compiled.dispose());
      return compiled;
    });
    const wPlus = await this.latents(from, count);
    const images = await draw(wPlus);
    wPlus.dispose();
    return images;
  }

  eyes(): Promise<Eyes> {
    return this.once('eyes', async () => {
      const eyes = openEyes(await this.device(), await this.networks());
      this.closers.push(() => eyes.dispose());
      return eyes;
    });
  }

  /** What is seen of the first `count` held-out pictures, drawn by `pictures` batch by batch. */
  async see(
    count: number,
    pictures: (from: number, count: number) => Promise<tf.Tensor4D>,
    stop: () => void = () => {},
  ): Promise<Seen> {
    const eyes = await this.eyes();
    const parts: Seen[] = [];
    for (let from = 0; from < count; from += BATCH) {
      stop();
      const images = await pictures(from, Math.min(BATCH, count - from));
      parts.push(await eyes.see(images));
      images.dispose();
    }
    return joinSeen(parts);
  }

  /** What is seen of all held-out pictures before any edit. */
  before(): Promise<Seen> {
    return this.once('before', () => this.see(this.count, (from, count) => this.pictures(from, count)));
  }

  /** Unit CLIP features of a prompt. */
  async text(prompt: string): Promise<Rows> {
    return this.once(`text/${prompt}`, async () => {
      const { clip } = await this.networks();
      const target = textTarget(clip, { prompt });
      const rows = { data: (await target.prompt.data<'float32'>()).slice(), width: target.prompt.shape[1] };
      disposeAll(target);
      return rows;
    });
  }

  /** Opens something once, whoever asks first; `close` runs when the workbench is closed. */
  keep<T>(name: string, open: () => Promise<T>, close: (opened: T) => Promise<void> | void = () => {}): Promise<T> {
    return this.once(`kept/${name}`, async () => {
      const opened = await open();
      this.closers.push(() => close(opened));
      return opened;
    });
  }

  /** Frees all that was opened. */
  async dispose(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    this.closers.length = 0;
    this.opened.clear();
  }

  private once<T>(name: string, open: () => Promise<T>): Promise<T> {
    let opened = this.opened.get(name) as Promise<T> | undefined;
    if (!opened) {
      opened = open();
      this.opened.set(name, opened);
    }
    return opened;
  }
}
