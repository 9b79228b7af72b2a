/** The Arrow file of style channels' relevance, and Arrow files of any such columns. */
export { readArrowFile, type ArrowFile } from './arrow-file.js';
export { arrowFile, type ArrowColumn } from './arrow-writer.js';
export { readRelevance, writeRelevance, notUnit, type Relevance, type RelevanceMetadata } from './relevance-file.js';
