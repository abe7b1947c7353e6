/**
 * Runs the official conformance suites and prints one line for each: against the server at the URL that is given, else
 * against the fixtures; after the word `client` against the client that the given command starts. Fails when a required
 * scenario failed, did not run or checked nothing.
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

const [given, command] = process.argv.slice(2);
const leg = given === "client" ? "client" : "server";
await using fixtures = given === undefined ? await openFixtureServer() : undefined;
const subject = leg === "client" ? command : (given ?? fixtures?.url);
if (subject === undefined) throw new Error("say which command starts the client");
const suites = await listSuites(leg);
// A suite plays its scenarios for clients all at once, those for servers one after the other.
const results =
  leg === "client"
    ? await Array.fromAsync(suites, (suite) => runSuite(suite, subject))
    : await Promise.all(suites.map((suite) => runSuite(suite, subject)));
for (const result of results) process.stdout.write(`${render(result)}\n`);
if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
