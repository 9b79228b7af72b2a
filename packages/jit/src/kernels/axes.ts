/** Axes as TensorFlow.js's attributes state them: negative ones count from the end, none at all means every one. */

export const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export const axesOf = (axis: unknown, rank: number): number[] => {
  const list = axis == null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat().map(Number);
  return list.map((a) => positive(a, rank));
};
