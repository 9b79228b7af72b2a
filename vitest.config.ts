/** One test run for the whole workspace; testing/tests-of.ts says how tests run. */
// nx-ignore-next-line
import { testsOf } from './testing/tests-of.js';

export default testsOf('packages/*/src', 'testing', 'tools');
