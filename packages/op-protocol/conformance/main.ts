/**
 * Runs the official conformance suites, against the server at the URL that is given or else against the fixtures, and
 * prints one line for each. Fails when a required scenario failed, did not run or checked nothing.
 */
import { openFixtureServer } from "./fixture-server.ts";
import { runSuite, type SuiteResult } from "./run-suite.ts";
import { listSuites } from "./suites.ts";

function render({ name, scenarios, checks, problems }: SuiteResult): string {
  const required = scenarios.filter(({ isRequired }) => isRequired);
  const passed = required.filter(({ failed }) => failed === 0);
  const others = scenarios.filter(({ isRequired, failed }) => !isRequired && failed > 0);
  const rest = others.map((one) => one.name).join(", ");
  return [
    `${problems.length === 0 ? "ok" : "FAILED"}  ${name}: ${passed.length}/${required.length} required scenarios, ${checks} checks`,
    ...problems.map((problem) => `    ${problem}`),
    ...(rest === "" ? [] : [`    not scored and not passed: ${rest}`]),
  ].join("\n");
}

const [given] = process.argv.slice(2);
await using fixtures = given === undefined ? await openFixtureServer() : undefined;
const url = given ?? fixtures?.url ?? "";
for (const suite of await listSuites()) {
  const result = await runSuite(suite, url);
  process.stdout.write(`${render(result)}\n`);
  if (result.problems.length > 0) process.exitCode = 1;
}
