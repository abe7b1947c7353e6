/** Runs the client scenarios of the official suites; fails when a required scenario did not pass. */
import { runClientSuites } from "./client-suites.ts";

const { text, isPassed } = await runClientSuites();
process.stdout.write(text);
if (!isPassed) process.exitCode = 1;
