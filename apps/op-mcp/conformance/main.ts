/** Runs the official conformance suites against the built binary; fails when a required scenario did not pass. */
import { runConformance } from "./run-conformance.ts";

const { text, isPassed } = await runConformance();
process.stdout.write(text);
if (!isPassed) process.exitCode = 1;
