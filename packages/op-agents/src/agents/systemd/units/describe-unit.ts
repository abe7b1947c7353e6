import type { JsonObject } from "op-core";
import { cleanText } from "../../text/clean-text.ts";
import {
  boolean,
  integer,
  listSchema,
  objectSchema,
  orNull,
  string,
} from "../../operation/output-schema.ts";
import { readEntries } from "../journal/read-entries.ts";
import { entrySchema } from "../journal/journal-entry.ts";
import type { BusCallOptions, UnitProcess } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { isBySignal, nameOfSignal } from "./exit-meaning.ts";
import { explainUnit, findFailedCommands } from "./explain-unit.ts";
import { numberOf, textOf, textsOf, timeOf } from "./property.ts";

const mostProcesses = 20;

/** What is told of a unit. */
export const unitSchema: JsonObject = objectSchema(
  {
    unit: string,
    description: string,
    load: string,
    active: string,
    sub: string,
    since: orNull("string"),
    explanation: string,
    startsAtBoot: string,
    file: orNull("string"),
    dropIns: listSchema(string),
    needsReload: boolean,
    triggeredBy: listSchema(string),
    result: string,
    failed: listSchema(
      objectSchema({
        phase: string,
        program: string,
        exitCode: orNull("integer"),
        signal: orNull("string"),
      }),
    ),
    restarts: integer,
    statusText: string,
    pid: orNull("integer"),
    memoryBytes: orNull("integer"),
    cpuSeconds: orNull("number"),
    tasks: orNull("integer"),
    processes: listSchema(objectSchema({ pid: integer, command: string })),
    log: listSchema(entrySchema),
    logError: string,
  },
  [
    "result",
    "failed",
    "restarts",
    "statusText",
    "pid",
    "memoryBytes",
    "cpuSeconds",
    "tasks",
    "processes",
    "logError",
  ],
);

/** Joins what systemd and the journal know of a unit, so that one answer says how it is, and why. */
export async function describeUnit(
  { unit, lines }: { readonly unit: string; readonly lines: number },
  setting: SystemdSetting,
  options: BusCallOptions,
): Promise<JsonObject> {
  const bus = await setting.bus(options);
  const [properties, kind, log] = await Promise.all([
    bus.unitProperties(unit, options),
    bus.kindProperties(unit, options),
    readLog(unit, lines, { setting, options }),
  ]);
  const hasProcesses = typeof kind["ControlGroup"] === "string" && kind["ControlGroup"] !== "";
  const processes = hasProcesses ? await bus.processes(unit, options) : [];
  return {
    unit: textOf(properties, "Id"),
    description: textOf(properties, "Description"),
    load: textOf(properties, "LoadState"),
    active: textOf(properties, "ActiveState"),
    sub: textOf(properties, "SubState"),
    since: timeOf(properties, "StateChangeTimestamp"),
    explanation: explainUnit({ unit: properties, kind }),
    startsAtBoot: textOf(properties, "UnitFileState"),
    file: textOf(properties, "FragmentPath", 4096) || null,
    dropIns: textsOf(properties, "DropInPaths"),
    needsReload: properties["NeedDaemonReload"] === true,
    triggeredBy: textsOf(properties, "TriggeredBy"),
    ...describeRun(kind),
    ...(hasProcesses ? { processes: describeProcesses(processes) } : {}),
    ...log,
  };
}

function describeRun(kind: JsonObject): JsonObject {
  const nanoseconds = numberOf(kind, "CPUUsageNSec");
  const pid = numberOf(kind, "MainPID");
  const own: JsonObject = {
    ...(kind["Result"] === undefined ? {} : { result: textOf(kind, "Result") }),
    ...(kind["CPUUsageNSec"] === undefined
      ? {}
      : {
          memoryBytes: numberOf(kind, "MemoryCurrent"),
          cpuSeconds: nanoseconds === null ? null : Math.round(nanoseconds / 1e6) / 1000,
          tasks: numberOf(kind, "TasksCurrent"),
        }),
  };
  if (kind["ExecMainStatus"] === undefined) return own;
  return {
    ...own,
    failed: findFailedCommands(kind).map(({ phase, program, code, status }) => ({
      phase,
      program,
      exitCode: isBySignal(code) ? null : status,
      signal: isBySignal(code) ? nameOfSignal(status) : null,
    })),
    restarts: numberOf(kind, "NRestarts") ?? 0,
    statusText: textOf(kind, "StatusText"),
    pid: pid === 0 ? null : pid,
  };
}

/** Without what they are given: arguments are where passwords are. */
function describeProcesses(processes: readonly UnitProcess[]): readonly JsonObject[] {
  return processes.slice(0, mostProcesses).map(({ pid, command }) => ({
    pid,
    command: cleanText(command.split(" ")[0] ?? ""),
  }));
}

interface LogParts {
  readonly setting: SystemdSetting;
  readonly options: BusCallOptions;
}

/** A journal that can't be read does not keep the state from being told. */
async function readLog(
  unit: string,
  lines: number,
  { setting, options }: LogParts,
): Promise<JsonObject> {
  if (lines === 0) return { log: [] };
  try {
    const { entries } = await readEntries({ unit, lines }, setting, options);
    return { log: entries };
  } catch (error) {
    options.signal.throwIfAborted();
    return { log: [], logError: error instanceof Error ? error.message : String(error) };
  }
}
