/** How many tests passed and failed, read from what each runner wrote. */

/**
 * @typedef {{ passed: number, failed: number, flaky: string[], problem?: string }} Count
 * `flaky` names those that passed only when they were tried again: each hides a race, here or in Kiln.
 */

/**
 * A file that could not even be loaded has no tests: it counts as one that failed, and so does a runner that ends
 * badly without naming a test, or runs none at all.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} report
 * @param {boolean} succeeded
 * @param {boolean} [mayBeEmpty] when the user chose tests by a filter
 * @returns {Count}
 */
export function countVitest(report, succeeded, mayBeEmpty = false) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  ).length;
  const flaky = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
    .map(({ fullName }) => fullName);
  return requireTests(
    { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, flaky },
    succeeded,
    mayBeEmpty,
  );
}

/**
 * @typedef {{ specs?: { title: string, tests: { status: string }[] }[], suites?: Suite[] }} Suite
 * @param {{ stats: { expected: number, unexpected: number, flaky: number }, suites: Suite[], errors: unknown[] }} report
 * @param {boolean} succeeded
 * @param {boolean} [mayBeEmpty] when the user chose tests by a filter
 * @returns {Count}
 */
export function countPlaywright({ stats, suites, errors }, succeeded, mayBeEmpty = false) {
  const failed = stats.unexpected + errors.length;
  const flaky = suites.flatMap(flakyIn);
  return requireTests({ passed: stats.expected + stats.flaky, failed, flaky }, succeeded, mayBeEmpty);
}

/** @param {Suite} suite @returns {string[]} */
function flakyIn({ specs = [], suites = [] }) {
  const own = specs.filter(({ tests }) => tests.some(({ status }) => status === "flaky"));
  return [...own.map(({ title }) => title), ...suites.flatMap(flakyIn)];
}

/** @param {Count} count @param {boolean} succeeded @param {boolean} mayBeEmpty @returns {Count} */
function requireTests(count, succeeded, mayBeEmpty) {
  if (count.passed + count.failed === 0 && succeeded && mayBeEmpty) return count;
  if (count.passed + count.failed === 0) return { ...count, failed: 1, problem: "no test ran" };
  if (!succeeded && count.failed === 0)
    return { ...count, failed: 1, problem: "the runner ended with an error" };
  return count;
}

/** @param {Pick<Count, "passed" | "failed">[]} counts */
export function closingLine(counts) {
  const sum = (/** @type {"passed" | "failed"} */ key) =>
    counts.reduce((total, count) => total + count[key], 0);
  return `Tests: ${sum("passed")} passed, ${sum("failed")} failed`;
}
