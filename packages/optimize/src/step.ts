/**
 * One step of gradient descent on a batch of codes, as a pure function of tensors, for whatever loss: the code of each row
 * is moved by its own loss alone, so a batch gives each row what it would get alone (`optimization/run_optimization.py`
 * takes one picture at a time).
 *
 * A row that is not live any more keeps its code, exactly. Each row has a result: the code with the lowest loss so far, or
 * the last one looked at. Both are codes whose loss was computed: the last update of all is never a result, as in the
 * original, whose last picture is from before it.
 */
import {
  tf,
  updateOptimizer,
  valueAndGrads,
  type OptimizerSettings,
  type OptimizerState,
  type Weights,
} from '@styleclip/core';

/** What a step changes. */
export type DescentState = {
  /** [B,…] */
  code: tf.Tensor;
  /** [B,…] */
  result: tf.Tensor;
  /** Total loss of the result, [B]. */
  resultLoss: tf.Tensor1D;
  optimizer: OptimizerState;
};

/** What stays as it is while a batch is worked on: a record of tensors. */
export type Fixed = { readonly [name: string]: tf.Tensor | undefined };

export type StepInput<F extends Fixed> = {
  state: DescentState;
  fixed: F;
  /** 1 for rows that are still moved, 0 for others; [B]. */
  live: tf.Tensor1D;
  lr: tf.Scalar;
};

/** `losses` holds the terms in the order of their names, `total` first: [1 + terms, B]. The caller disposes all of it. */
export type StepOutput = { state: DescentState; losses: tf.Tensor2D };

/** Terms of the loss by name, each [B], and `total` [B], what is minimised. */
export type LossOfRows<F extends Fixed> = (code: tf.Tensor, fixed: F) => Record<string, tf.Tensor1D>;

export interface StepParts<F extends Fixed> {
  loss: LossOfRows<F>;
  /** Names of the terms, without `total`. */
  terms: readonly string[];
  optimizer: OptimizerSettings;
  /** Which result a row keeps. */
  keep: 'best' | 'last';
  /** What of a code may change: 1 or 0, broadcast to [B,…]; all of it where there is none. */
  mask?: tf.Tensor | undefined;
}

/** No loss is larger; a row without a result begins here. */
const NO_LOSS = 1e30;

/** Where descent starts. `code` is not taken over. */
export function beginDescent(code: tf.Tensor, optimizer: OptimizerState): DescentState {
  const rows = code.shape[0]!;
  return { code: code.clone(), result: code.clone(), resultLoss: tf.fill([rows], NO_LOSS) as tf.Tensor1D, optimizer };
}

/** The step, ready to be compiled. */
export function descentStep<F extends Fixed>({
  loss,
  terms,
  optimizer: settings,
  keep,
  mask,
}: StepParts<F>): (input: StepInput<F>) => StepOutput {
  return ({ state: { code, result, resultLoss, optimizer }, fixed, live, lr }) => {
    const { grads, aux } = valueAndGrads(({ code: moved }: Weights) => {
      const rows = loss(moved as tf.Tensor, fixed);
      // The sum, not the mean: a row's gradient must not depend on how many there are.
      return { loss: tf.sum(rows['total'] as tf.Tensor1D) as tf.Scalar, aux: { rows } };
    })({ code });
    const total = aux.rows['total'] as tf.Tensor1D;
    const gradient = grads['code'] as tf.Tensor;
    const { params, state } = updateOptimizer(settings, {
      params: { code },
      grads: { code: mask ? tf.mul(gradient, mask) : gradient },
      state: optimizer,
      lr,
    });
    const moving = tf.greater(live, 0);
    const better = keep === 'best' ? tf.logicalAnd(moving, tf.less(total, resultLoss)) : moving;
    return {
      state: {
        code: chooseRows(moving, params['code'] as tf.Tensor, code),
        result: chooseRows(better, code, result),
        resultLoss: tf.where(better, total, resultLoss),
        optimizer: state,
      },
      losses: tf.stack([total, ...terms.map((name) => aux.rows[name] as tf.Tensor1D)]) as tf.Tensor2D,
    };
  };
}

/** Row by row `a` where `condition` [B] holds, `b` elsewhere, bit by bit. */
function chooseRows(condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const shape = [condition.shape[0]!, ...a.shape.slice(1).map(() => 1)];
  return tf.where(tf.reshape(condition, shape), a, b);
}
