/** What an edit did, in numbers. */
export { batchesOf, countLooks, measureEdit, type Edit, type EditMeasures, type Question } from './measure-edit.js';
export { openEditLooks, type EditLook, type EditLooks } from './look-at-edits.js';
export { scoreEdit, type Ask, type EditScore, type Readings } from './score-edit.js';
