/** The sections that a report can have, in the order in which they stand in it. */
export const SECTION_NAMES = [
  'claims',
  'table1',
  'table2',
  'measures',
  'strength',
  'figure3',
  'figure4',
  'figure6',
  'figure7',
  'figure9',
  'figure10',
  'figure12',
  'figure14',
] as const;

export type SectionName = (typeof SECTION_NAMES)[number];
