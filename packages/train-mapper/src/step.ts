/**
 * One training step as a pure function of tensors: latents, parameters and optimizer state in, losses, new parameters
 * and new state out. It is compiled once and run for every batch; the learning rate is an argument, so a schedule does
 * not trace it again.
 *
 * The official loop (`coach.py`, `train`) does the same with a `torch.no_grad` synthesis of the source.
 */
import { adamInit, adamUpdate, rangerInit, rangerUpdate, tf, valueAndGrads, type Weights } from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import type { Models } from './models.js';
import { lossTerms, sourceFeatures, type LossTerms, type TextTarget } from './objective.js';

/** An optimizer's memory: scalars and records of tensors, by name. */
export type OptimizerState = { [name: string]: tf.Tensor | Weights };

/** What goes into a step. */
export type StepInput = {
  mapper: Weights;
  optimizer: OptimizerState;
  /** [N,L,D] */
  wPlus: tf.Tensor3D;
  text: TextTarget;
  lr: tf.Scalar;
};

/** What comes out. The caller disposes it, and the input. */
export type StepOutput = { mapper: Weights; optimizer: OptimizerState; losses: LossTerms };

/** The state that the configured optimizer starts from. */
export function initOptimizer(name: TrainMapperConfig['optimizer']['name'], mapper: Weights): OptimizerState {
  return name === 'ranger' ? rangerInit(mapper) : adamInit(mapper);
}

/** The step of this configuration, ready to be compiled: networks are captured and become constants of the graph. */
export function trainingStep(models: Models, config: TrainMapperConfig): (input: StepInput) => StepOutput {
  const { name, beta1, beta2, eps } = config.optimizer;
  const options = {
    ...(beta1 !== undefined && { beta1 }),
    ...(beta2 !== undefined && { beta2 }),
    ...(eps !== undefined && { eps }),
  };
  return ({ mapper, optimizer, wPlus, text, lr }) => {
    const source = sourceFeatures(models, config, wPlus);
    let parts: Parts | undefined;
    const { value, grads } = valueAndGrads((trained) => {
      const { total, ...rest } = lossTerms(models, config, { mapper: trained, wPlus, source, text });
      parts = mapParts(rest, (term) => tf.keep(term)); // else the gradient's own tidy takes them
      return total;
    })(mapper);
    const update =
      name === 'ranger'
        ? rangerUpdate(mapper, grads, optimizer as ReturnType<typeof rangerInit>, { ...options, lr })
        : adamUpdate(mapper, grads, optimizer as ReturnType<typeof adamInit>, { ...options, lr });
    return { mapper: update.params, optimizer: update.state, losses: { total: value, ...released(parts!) } };
  };
}

type Parts = Omit<LossTerms, 'total'>;

/** The same scalars, no longer kept: the tidy around a step treats them as any other tensor. */
function released(parts: Parts): Parts {
  const copies = mapParts(parts, (term) => term.clone());
  tf.dispose(parts);
  return copies;
}

function mapParts({ clip, directional, id, l2 }: Parts, f: (term: tf.Scalar) => tf.Scalar): Parts {
  return { clip: f(clip), directional: f(directional), id: f(id), l2: f(l2) };
}

/** The held-out loss, without gradients: the mean over a batch. */
export function validationStep(
  models: Models,
  config: TrainMapperConfig,
): (input: Omit<StepInput, 'optimizer' | 'lr'>) => LossTerms {
  return ({ mapper, wPlus, text }) =>
    lossTerms(models, config, { mapper, wPlus, source: sourceFeatures(models, config, wPlus), text });
}
