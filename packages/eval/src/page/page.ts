/** A report as a whole, before it is written in a format. */
import type { Section, Table } from './section.js';

export interface Page {
  title: string;
  /** Paragraphs at the top. */
  lead: readonly string[];
  /** What the report as a whole lacks. */
  missing: readonly string[];
  sections: readonly Section[];
  /** What the numbers come from: name and value. */
  facts: readonly (readonly string[])[];
  /** One row for each piece of work: what, when, how long, by what. */
  provenance: Table;
}
