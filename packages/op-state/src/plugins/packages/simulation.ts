import type { ProgramResult } from "../program/run-program.ts";

/** A package that would come, or change its version. */
export interface SimulatedInstall {
  readonly name: string;
  /** The version that would be replaced; undefined when there is none. */
  readonly from?: string;
  readonly to: string;
}

/** What apt would do. */
export interface Simulation {
  readonly installs: readonly SimulatedInstall[];
  readonly removals: readonly string[];
  /** Why it cannot be done. */
  readonly problem?: string;
}

/** Reads what `apt-get --simulate` prints. */
export function parseSimulation({ isOk, stdout, stderr }: ProgramResult): Simulation {
  const lines = stdout.split("\n");
  const installs = lines.flatMap((line) => {
    const match = /^Inst (?<name>\S+)(?: \[(?<from>[^\]]+)\])? \((?<to>\S+)/u.exec(line);
    const { name, from, to } = match?.groups ?? {};
    if (name === undefined || to === undefined) return [];
    return [{ name, to, ...(from === undefined ? {} : { from }) }];
  });
  const removals = lines.flatMap((line) => /^(?:Remv|Purg) (?<name>\S+)/u.exec(line)?.[1] ?? []);
  if (isOk) return { installs, removals };
  return { installs, removals, problem: problemOf(stdout, stderr) };
}

/** Which dependencies are not met stands between other lines; the rest is on the other stream. */
function problemOf(stdout: string, stderr: string): string {
  const start = stdout.indexOf("The following packages have unmet dependencies:");
  const unmet = start === -1 ? "" : stdout.slice(start);
  const text = `${unmet} ${stderr}`.replaceAll(/\s+/gu, " ").trim();
  return text.replaceAll(/\bE: /gu, "").slice(0, 1000);
}
