// Prints "PASSED FAILED SKIPPED" of vitest's JSON report; a report that is missing counts as one failure.
import { readFileSync } from 'node:fs';

try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  console.log(report.numPassedTests, report.numFailedTests, report.numPendingTests + report.numTodoTests);
} catch {
  console.log(0, 1, 0);
}
