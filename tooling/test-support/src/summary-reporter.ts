import type { Reporter, SerializedError, TestModule } from "vitest/node";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Ends the output with `N passed, N failed, N skipped`, alone on its line.
 *
 * The line is written while the process leaves, so nothing can come after it and a crash cannot lose it. What fails
 * outside a test counts as a failure: a file that does not load, a hook, an unhandled error, a run that ends badly without
 * any of these. In CI a skipped test fails the run, because there everything that tests need is present.
 */
export default class SummaryReporter implements Reporter {
  #counts: Counts | undefined;

  onInit(): void {
    process.once("exit", (code) => {
      const counts = blameRun(this.#counts ?? { passed: 0, failed: 1, skipped: 0 }, code);
      if (counts.failed > 0 || (process.env["CI"] && counts.skipped > 0)) process.exitCode = 1;
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      );
    });
  }

  onTestRunEnd(
    testModules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: "passed" | "interrupted" | "failed",
  ): void {
    const counts = countTests(testModules);
    const failed = counts.failed + countFailuresOutsideTests(testModules) + unhandledErrors.length;
    this.#counts = blameRun({ ...counts, failed }, reason === "passed" ? 0 : 1);
  }
}

function blameRun(counts: Counts, exitCode: number): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function countTests(testModules: readonly TestModule[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const testModule of testModules) {
    for (const testCase of testModule.children.allTests()) {
      const { state } = testCase.result();
      // A test that is still pending when the run ends was never finished.
      counts[state === "pending" ? "failed" : state] += 1;
    }
  }
  return counts;
}

function countFailuresOutsideTests(testModules: readonly TestModule[]): number {
  let failures = 0;
  for (const testModule of testModules) {
    failures += testModule.errors().length;
    for (const suite of testModule.children.allSuites()) failures += suite.errors().length;
  }
  return failures;
}
