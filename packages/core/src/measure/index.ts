/** What an edit did, in numbers. */
export { batchesOf, measureEdit, type Edit, type EditMeasures, type Question } from './measure-edit.js';
export { scoreEdit, type Ask, type EditScore, type Readings } from './score-edit.js';
