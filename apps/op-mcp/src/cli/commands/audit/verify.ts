import { verifyLog, type Fault, type VerifyReport } from "op-audit";
import { readWitnessFile } from "op-audit/sinks";
import { listLogs } from "../../../audit/audit-places.ts";
import { findVerifiers } from "../../../audit/audit-verifiers.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Screen } from "../../screen.ts";

const mostFaults = 20;

/** `op-mcp audit verify`: reads every log and says whether it is what was written; fails where it is not. */
export const runAuditVerify: RunCommand = async (context) => {
  const { flags, screen } = context;
  const reports = await verifyAll(context);
  const isIntact = reports.every(({ report }) => report.isIntact);
  if (flags.has("json")) screen.json({ isIntact, logs: reports.map(toJson) });
  else {
    for (const { log, report } of reports) printReport(screen, log, report);
    if (reports.length === 0) screen.line("There is no audit log yet.");
  }
  return isIntact ? exitCodes.ok : exitCodes.failed;
};

interface LogReport {
  readonly log: string;
  readonly report: VerifyReport;
}

async function verifyAll(context: CommandContext): Promise<readonly LogReport[]> {
  const { flags, signal } = context;
  const places = await findAuditPlaces(context);
  const logs = (await listLogs(places.root)).filter(
    ({ name }) => name === (flags.text("log") ?? name),
  );
  if (logs.length === 0) return [];
  const verifiers = await findVerifiers(places, flags.all("key"));
  const witnessed = (await Promise.all(flags.all("witness").map(readWitnessFile))).flat();
  const reports: LogReport[] = [];
  for (const { name, directory } of logs) {
    const own = witnessed.filter((note) => note.startsWith(`${originPrefix(note, name)}\n`));
    const report = await verifyLog({ directory, verifiers, witnessed: own, signal });
    reports.push({ log: name, report });
  }
  return reports;
}

/** The first line of a checkpoint names its log; a witness may have kept those of several. */
function originPrefix(note: string, log: string): string {
  const origin = note.slice(0, note.indexOf("\n"));
  return origin.endsWith(`/audit/${log}`) ? origin : "\0";
}

function toJson({ log, report }: LogReport): object {
  return { log, ...report };
}

function printReport(screen: Screen, log: string, report: VerifyReport): void {
  const { size, removed, faults, verifiedSize, checkpoints, isIntact, tornBytes } = report;
  const mark = isIntact ? screen.paint("intact", "green") : screen.paint("NOT INTACT", "red");
  const kept = removed === 0 ? "" : `, ${removed} of them removed by retention`;
  screen.line(`Log ${log}: ${mark}, ${size} entries${kept}`);
  screen.line(
    `  ${checkpoints.verified} checkpoints verified, which cover ${verifiedSize} entries; ${checkpoints.unverified} could not be checked`,
  );
  if (tornBytes > 0) screen.line(`  ${tornBytes} bytes at the end are no whole entry yet`);
  for (const fault of faults.slice(0, mostFaults)) printFault(screen, fault);
  if (faults.length > mostFaults) screen.line(`  … and ${faults.length - mostFaults} more faults`);
}

function printFault(screen: Screen, { kind, seq, count, file, offset, detail }: Fault): void {
  const where = file === "" ? "" : ` (${screen.text(file)}, byte ${offset})`;
  screen.line(
    `  ${screen.paint(kind, "red")} at entry ${seq}, ${count} entries: ${detail}${where}`,
  );
}
