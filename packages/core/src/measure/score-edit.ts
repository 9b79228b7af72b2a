/**
 * Did the edit do what it was asked, and nothing else? Pure counting, no model.
 *
 * A probe has read every picture before and after the edit: one value per factor (hair colour, glasses, …). From these
 * readings
 *
 *     hit  = share of pictures whose asked factor reads, after the edit, one of the asked values
 *     leak = mean over pictures and other factors of [reading changed]
 *
 * The asked factor never counts as a leak, nor do the factors in `ignore`, which the asked value hides or implies: a bald
 * head has no hair colour, and whatever the probe guesses there says nothing about the edit. A picture that had the asked
 * value before counts as a hit if it still has it; `hitBefore` tells how many those were, so that a hit can be judged.
 *
 * These measures are not in the paper, which shows pictures only (its Table 2 compares directions, not outcomes).
 */

/** What the probe saw: for each factor the index of its value, picture by picture. */
export type Readings = Readonly<Record<string, readonly number[]>>;

/** The question: a factor, the indices of its wanted values, and factors that are not counted. */
export interface Ask {
  factor: string;
  values: readonly number[];
  ignore?: readonly string[];
}

/** The answer, all numbers between 0 and 1. `leakByFactor` names where the leak comes from. */
export interface EditScore {
  hit: number;
  hitBefore: number;
  leak: number;
  leakByFactor: Record<string, number>;
}

/**
 * Scores an edit from the readings before and after it.
 * @throws RangeError when the two readings differ in factors or length, or do not know the asked factor.
 */
export function scoreEdit(before: Readings, after: Readings, ask: Ask): EditScore {
  const asked = before[ask.factor];
  if (!asked || !after[ask.factor]) {
    throw new RangeError(`the readings hold ${Object.keys(before).join(', ')}, but not "${ask.factor}"`);
  }
  const leakByFactor: Record<string, number> = {};
  for (const [factor, values] of Object.entries(before)) {
    const edited = after[factor];
    if (!edited || edited.length !== values.length || values.length !== asked.length) {
      throw new RangeError(
        `"${factor}" has ${values.length} readings before the edit and ${edited?.length ?? 0} after`,
      );
    }
    if (factor === ask.factor || ask.ignore?.includes(factor)) continue;
    leakByFactor[factor] = share(values, (value, i) => value !== edited[i]);
  }
  const leaks = Object.values(leakByFactor);
  return {
    hit: share(after[ask.factor]!, (value) => ask.values.includes(value)),
    hitBefore: share(asked, (value) => ask.values.includes(value)),
    leak: leaks.length === 0 ? 0 : leaks.reduce((sum, leak) => sum + leak, 0) / leaks.length,
    leakByFactor,
  };
}

/** Share of elements for which `holds`; 0 of nothing. */
function share(values: readonly number[], holds: (value: number, index: number) => boolean): number {
  return values.length === 0 ? 0 : values.filter(holds).length / values.length;
}
