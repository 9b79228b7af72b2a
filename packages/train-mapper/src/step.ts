/**
 * One training step as a pure function of tensors: latents, parameters and optimizer state in, losses, new parameters
 * and new state out. It is compiled once and run for every batch; the learning rate is an argument, so a schedule does
 * not trace it again.
 *
 * The official loop (`coach.py`, `train`) does the same with a `torch.no_grad` synthesis of the source.
 */
import {
  applyMapper,
  objective,
  sourceFeatures,
  updateOptimizer,
  valueAndGrads,
  type LossTerms,
  type MapperOptions,
  type ObjectiveNetworks,
  type ObjectiveOptions,
  type OptimizerSettings,
  type OptimizerState,
  type TextTarget,
  type tf,
  type Weights,
} from '@styleclip/core';

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

/** What stays the same from step to step. Networks are captured and become constants of the graph. */
export interface StepParts {
  networks: ObjectiveNetworks;
  losses: ObjectiveOptions;
  /** How M(w) is made and added: ŵ = w + strength · M(w). */
  mapping: Required<MapperOptions> & { strength: number };
}

/** The step, ready to be compiled. */
export function trainingStep(
  { networks, losses, mapping }: StepParts,
  settings: OptimizerSettings,
): (input: StepInput) => StepOutput {
  return ({ mapper, optimizer, wPlus, text, lr }) => {
    const source = sourceFeatures(networks, losses, wPlus);
    const { value, grads, aux } = valueAndGrads((trained) => {
      const edited = applyMapper(trained, wPlus, mapping); // [N,L,D]
      const { total, ...terms } = objective(networks, losses, { edited, original: wPlus, source, text });
      return { loss: total, aux: terms };
    })(mapper);
    const { params, state } = updateOptimizer(settings, { params: mapper, grads, state: optimizer, lr });
    return { mapper: params, optimizer: state, losses: { total: value, ...aux } };
  };
}

/** The held-out loss, without gradients: the mean over a batch. */
export function validationStep({
  networks,
  losses,
  mapping,
}: StepParts): (input: Omit<StepInput, 'optimizer' | 'lr'>) => LossTerms {
  return ({ mapper, wPlus, text }) =>
    objective(networks, losses, {
      edited: applyMapper(mapper, wPlus, mapping),
      original: wPlus,
      source: sourceFeatures(networks, losses, wPlus),
      text,
    });
}
