// nx-ignore-next-line
import { testsOf } from '../../testing/tests-of.ts';

export default testsOf('packages/directions/src');
