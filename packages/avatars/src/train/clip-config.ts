/** The configuration of CLIP's training: both sides together (clip.ts), then the text side alone (tune-text.ts). */
import { z } from 'zod';
import {
  bundleField,
  evaluateCountField,
  heldOutField,
  loopFields,
  nameField,
  scheduleFields,
  size,
  trainField,
} from './training-config.js';

const descriptions = z.number().int().min(0).max(4096);

/** How the text side learns; the thesaurus takes these many steps. */
export const textFields = {
  ...scheduleFields({ steps: 4000, batch: 192, learningRate: 1e-3, warmup: 50 }),
  pictures: z.number().int().min(1).default(6000).describe('pictures that are encoded once, for all steps'),
  descriptions: descriptions.default(32).describe('whole descriptions in a step'),
  general: descriptions.default(16).describe('statements in a step that are true of several values'),
};

const text = z.strictObject(textFields).prefault({}).describe('the second part, in which the text side learns alone');

export const clipSchema = z.strictObject({
  name: nameField('clip'),
  ...trainField,
  ...heldOutField,
  ...bundleField,
  ...scheduleFields({ steps: 1800, batch: 48, learningRate: 1.5e-3, warmup: 150 }),
  descriptions: descriptions.default(16).describe('whole descriptions in a step, besides the single statements'),
  general: descriptions.default(8).describe('statements in a step that are true of several values'),
  text,
  embed: size.default(128).describe('width of the common embedding'),
  patch: size.default(16).describe('side of a patch in pixels'),
  imageWidth: size.default(192).describe('width of the image transformer'),
  imageLayers: size.default(3).describe('layers of the image transformer'),
  textWidth: size.default(128).describe('width of the text transformer'),
  textLayers: size.default(2).describe('layers of the text transformer'),
  ...evaluateCountField,
  ...loopFields,
});

export type ClipConfig = z.infer<typeof clipSchema>;
