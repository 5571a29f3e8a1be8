/** How many tests passed and failed, read from what each runner wrote. */

/** @typedef {{ passed: number, failed: number, problem?: string }} Count */

/**
 * A file that could not even be loaded has no tests: it counts as one that failed, and so does a runner that ends
 * badly without naming a test, or runs none at all.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @param {boolean} succeeded
 * @param {boolean} [mayBeEmpty] when the user chose tests by a filter
 * @returns {Count}
 */
export function countVitest(report, succeeded, mayBeEmpty = false) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  ).length;
  return requireTests(
    { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles },
    succeeded,
    mayBeEmpty,
  );
}

/**
 * @param {{ stats: { expected: number, unexpected: number, flaky: number }, errors: unknown[] }} report
 * @param {boolean} succeeded
 * @param {boolean} [mayBeEmpty] when the user chose tests by a filter
 * @returns {Count}
 */
export function countPlaywright({ stats, errors }, succeeded, mayBeEmpty = false) {
  const failed = stats.unexpected + stats.flaky + errors.length;
  return requireTests({ passed: stats.expected, failed }, succeeded, mayBeEmpty);
}

/** @param {Count} count @param {boolean} succeeded @param {boolean} mayBeEmpty @returns {Count} */
function requireTests(count, succeeded, mayBeEmpty) {
  if (count.passed + count.failed === 0 && succeeded && mayBeEmpty) return count;
  if (count.passed + count.failed === 0) return { passed: 0, failed: 1, problem: "no test ran" };
  if (!succeeded && count.failed === 0)
    return { ...count, failed: 1, problem: "the runner ended with an error" };
  return count;
}

/** @param {Count[]} counts */
export function closingLine(counts) {
  const sum = (/** @type {"passed" | "failed"} */ key) =>
    counts.reduce((total, count) => total + count[key], 0);
  return `Tests: ${sum("passed")} passed, ${sum("failed")} failed`;
}
