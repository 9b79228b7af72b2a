/** The Arrow file of style channels' relevance. */
export { readRelevance, writeRelevance, notUnit, type Relevance, type RelevanceMetadata } from './relevance-file.js';
