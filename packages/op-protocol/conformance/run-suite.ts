import { spawn } from "node:child_process";
import { glob, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { once } from "node:events";
import type { Leg, Suite } from "./suites.ts";

/** How one scenario went. */
export interface ScenarioResult {
  readonly name: string;
  readonly isRequired: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly warned: number;
  /** Names of the checks that failed. */
  readonly failures: readonly string[];
}

/** How a run went. */
export interface SuiteResult {
  readonly name: string;
  readonly scenarios: readonly ScenarioResult[];
  readonly checks: number;
  /** Why it does not count as passed; empty when it does. */
  readonly problems: readonly string[];
}

interface Check {
  readonly id: string;
  readonly status: string;
}

function isCheck(value: unknown): value is Check {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "status" in value &&
    typeof value.status === "string"
  );
}

/** Suites wait longer for a client than one is expected to take, on a machine that may be busy. */
const clientPatienceMs = 120_000;

async function runScript(
  { script, leg, args }: Suite,
  subject: string,
  folder: string,
): Promise<void> {
  const how =
    leg === "server"
      ? ["server", "--url", subject]
      : ["client", "--command", subject, "--timeout", String(clientPatienceMs)];
  const all = [script, ...how, ...args, "-o", folder];
  const child = spawn(process.execPath, all, { stdio: "ignore" });
  await once(child, "exit");
}

async function readChecks(folder: string): Promise<readonly Check[]> {
  const value: unknown = JSON.parse(await readFile(join(folder, "checks.json"), "utf8"));
  return Array.isArray(value) ? value.filter(isCheck) : [];
}

function summarise(name: string, isRequired: boolean, checks: readonly Check[]): ScenarioResult {
  const count = (status: string): number =>
    checks.filter((check) => check.status === status).length;
  return {
    name,
    isRequired,
    passed: count("SUCCESS"),
    failed: count("FAILURE"),
    warned: count("WARNING"),
    failures: checks.filter(({ status }) => status === "FAILURE").map(({ id }) => id),
  };
}

/** Folders are named `<scenario>-<time>`, those of servers `server-<scenario>-<time>`; a scenario may have a slash. */
function scenarioOf(folder: string, leg: Leg): string {
  const name = folder.replace(/-\d{4}-\d\d-\d\dT[^/]*$/u, "");
  return leg === "server" ? name.replace(/^server-/u, "") : name;
}

async function findFolders(folder: string): Promise<readonly string[]> {
  const files = await Array.fromAsync(glob("**/checks.json", { cwd: folder }));
  return files.map(dirname).toSorted();
}

function findProblems(
  { required }: Suite,
  scenarios: readonly ScenarioResult[],
): readonly string[] {
  if (required.length === 0) return ["no scenario is required, so that nothing was shown"];
  return required.flatMap((name) => {
    const result = scenarios.find((one) => one.name === name);
    if (result === undefined) return [`${name} did not run`];
    if (result.failed > 0) return [`${name} failed: ${result.failures.join(", ")}`];
    return result.passed > 0 ? [] : [`${name} checked nothing`];
  });
}

/**
 * Runs a suite against the server at a URL, or a client that a command starts. What it says by its exit code is not
 * trusted: the checks it wrote are counted.
 */
export async function runSuite(suite: Suite, subject: string): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), "op-conformance-"));
  try {
    await runScript(suite, subject, folder);
    const entries = await findFolders(folder);
    const scenarios = await Promise.all(
      entries.map(async (entry) => {
        const name = scenarioOf(entry, suite.leg);
        const checks = await readChecks(join(folder, entry));
        return summarise(name, suite.required.includes(name), checks);
      }),
    );
    const checks = scenarios.reduce((sum, { passed, failed }) => sum + passed + failed, 0);
    return { name: suite.name, scenarios, checks, problems: findProblems(suite, scenarios) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
