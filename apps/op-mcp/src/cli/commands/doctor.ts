import type { DoctorCheck } from "../cli-system.ts";
import type { RunCommand } from "../command.ts";
import { runChecks } from "../doctor/run-checks.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Look, Screen } from "../screen.ts";

const marks: Readonly<Record<DoctorCheck["status"], { mark: string; look: Look }>> = {
  ok: { mark: "ok  ", look: "green" },
  warn: { mark: "warn", look: "yellow" },
  fail: { mark: "FAIL", look: "red" },
};

/** `op-mcp doctor`: checks everything, and says what to do; fails when a check does. */
export const runDoctor: RunCommand = async (context) => {
  const { flags, screen } = context;
  const checks: DoctorCheck[] = [];
  for await (const check of runChecks(context)) {
    checks.push(check);
    if (!flags.has("json")) printCheck(screen, check);
  }
  const failed = checks.filter((check) => check.status === "fail").length;
  if (flags.has("json")) screen.json({ ok: failed === 0, checks });
  else screen.line(summarise(screen, failed));
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
};

function printCheck(screen: Screen, { name, status, detail, advice }: DoctorCheck): void {
  const { mark, look } = marks[status];
  const indented = screen.block(detail).replaceAll("\n", "\n      ");
  screen.line(
    `${screen.paint(mark, look)}  ${screen.paint(screen.text(name), "bold")}: ${indented}`,
  );
  if (advice !== undefined) screen.line(`      ${screen.block(advice)}`);
}

function summarise(screen: Screen, failed: number): string {
  if (failed === 0) return screen.paint("\nEverything works.", "green");
  return screen.paint(`\n${failed === 1 ? "A check" : `${failed} checks`} failed.`, "red");
}
