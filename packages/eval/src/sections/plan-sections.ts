/** The sections of a report, by name. */
import { figure4 } from './gallery.js';
import { measuresSection } from './measures.js';
import type { SectionName } from './names.js';
import type { Planning, SectionPlan } from './plan.js';
import { table1 } from './table1.js';
import { table2 } from './table2.js';

const SECTIONS: Readonly<Record<SectionName, (planning: Planning) => SectionPlan | Promise<SectionPlan>>> = {
  table1,
  table2,
  measures: measuresSection,
  figure4,
};

/** Plans the sections that are asked for, in their own order. */
export async function planSections(planning: Planning, names: readonly SectionName[]): Promise<SectionPlan[]> {
  const plans: SectionPlan[] = [];
  for (const name of Object.keys(SECTIONS) as SectionName[])
    if (names.includes(name)) plans.push(await SECTIONS[name](planning));
  return plans;
}
