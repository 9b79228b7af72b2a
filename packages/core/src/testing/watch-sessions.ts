/**
 * Counts the sessions of ONNX Runtime that are open at a time: each holds a copy of the networks that were frozen into its
 * graph, so what is open when the next one is opened decides how much memory a command needs.
 */
import { InferenceSession } from 'onnxruntime-node';

export interface SessionCounts {
  /** How many were open when each one was opened, in the order of their opening. */
  openBefore: number[];
  /** How many are open now. */
  open: number;
}

/** Runs `work` and counts the sessions it opens. */
export async function watchSessions(work: () => Promise<unknown>): Promise<SessionCounts> {
  const counts: SessionCounts = { openBefore: [], open: 0 };
  const create = InferenceSession.create.bind(InferenceSession);
  InferenceSession.create = (async (...args: Parameters<typeof create>) => {
    const session = await create(...args);
    counts.openBefore.push(counts.open++);
    const release = session.release.bind(session);
    session.release = async () => {
      counts.open--;
      await release();
    };
    return session;
  }) as typeof create;
  try {
    await work();
  } finally {
    InferenceSession.create = create;
  }
  return counts;
}
