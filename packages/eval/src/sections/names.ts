/** The sections that a report can have, in the order in which they stand in it. */
export const SECTION_NAMES = ['table1', 'table2', 'measures', 'figure4'] as const;

export type SectionName = (typeof SECTION_NAMES)[number];
