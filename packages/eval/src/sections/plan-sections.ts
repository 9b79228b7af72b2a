/** The sections of a report, by name, in the order in which their work is done and they stand. */
import { figure10 } from './figure10.js';
import { figure6 } from './figure6.js';
import { figure9, methodSheet } from './galleries.js';
import { measuresSection } from './measures.js';
import { SECTION_NAMES, type SectionName } from './names.js';
import type { Planning, SectionPlan } from './plan.js';
import { strengthSection } from './strength.js';
import { table1 } from './table1.js';
import { table2 } from './table2.js';
import { figure12, figure14 } from './variants.js';

/** All but the claims, which are judged by the numbers of the others. */
const SECTIONS: Readonly<
  Record<Exclude<SectionName, 'claims'>, (planning: Planning) => SectionPlan | Promise<SectionPlan>>
> = {
  table1,
  table2,
  measures: measuresSection,
  strength: strengthSection,
  figure3: methodSheet('figure3'),
  figure4: methodSheet('figure4'),
  figure6,
  figure7: methodSheet('figure7'),
  figure9,
  figure10,
  figure12,
  figure14,
};

/** Plans the sections that are asked for, in their own order. */
export async function planSections(planning: Planning, names: readonly SectionName[]): Promise<SectionPlan[]> {
  const plans: SectionPlan[] = [];
  for (const name of SECTION_NAMES)
    if (name !== 'claims' && names.includes(name)) plans.push(await SECTIONS[name](planning));
  return plans;
}
