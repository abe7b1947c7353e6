import { setTimeout } from "node:timers/promises";
import type { JsonObject } from "op-core";
import { operationFailure } from "../../../serving/operation-failure.ts";
import type { OperationContext } from "../../../serving/serve-agent.ts";
import type { OperationSpec } from "../../../spec/agent-spec.ts";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { objectSchema, orNull, string } from "../../operation/output-schema.ts";
import type { UnitJob } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { describeUnit } from "./describe-unit.ts";
import { explainUnit } from "./explain-unit.ts";
import { textOf, timeOf } from "./property.ts";
import { checkUnprotected, toUnitName, unitField } from "./unit-name.ts";

const linesOfFailure = 10;

/** How long a service is watched that has just been started. */
const settleMs = 1000;

interface JobParts {
  readonly job: UnitJob;
  readonly description: string;
  readonly risk: OperationSpec["risk"];
  readonly isIdempotent: boolean;
}

function jobOperation({ job, ...rest }: JobParts): AgentOperation<SystemdSetting> {
  return {
    ...rest,
    name: `${job}_unit`,
    fields: [unitField],
    outputSchema: stateSchema,
    run: async (input, setting, context) =>
      await runJob(job, toUnitName(unitField.read(input)), { setting, context }),
  };
}

/** What is told of a unit whose state was changed. */
export const stateSchema = objectSchema({
  unit: string,
  job: string,
  active: string,
  sub: string,
  since: orNull("string"),
  explanation: string,
});

/** Starts a unit. */
export const startUnit = jobOperation({
  job: "start",
  description: "Starts a unit and waits until it runs; when it does not, says why.",
  risk: "write",
  isIdempotent: true,
});

/** Stops a unit. */
export const stopUnit = jobOperation({
  job: "stop",
  description: "Stops a unit and waits until it has stopped.",
  risk: "destructive",
  isIdempotent: true,
});

/** Stops a unit and starts it. */
export const restartUnit = jobOperation({
  job: "restart",
  description:
    "Restarts a unit, starting it if it did not run, and waits until it runs; when it does not, says why.",
  risk: "write",
  isIdempotent: false,
});

/** Makes a unit read its own configuration again. */
export const reloadUnit = jobOperation({
  job: "reload",
  description: "Makes a running unit read its own configuration again, without ending it.",
  risk: "write",
  isIdempotent: true,
});

/** What a change of a unit works with. */
export interface ChangeParts {
  readonly setting: SystemdSetting;
  readonly context: OperationContext;
}

/** Has systemd do a job and tells how the unit is then; throws what it knows when the job failed. */
export async function runJob(
  job: UnitJob,
  unit: string,
  { setting, context }: ChangeParts,
): Promise<JsonObject> {
  checkUnprotected(unit, setting.protect);
  const bus = await setting.bus(context);
  await using _held = await bus.hold(unit, context);
  const result = await bus.runJob(job, unit, context);
  if (result !== "done" && result !== "skipped")
    throw await jobFailure({ job, unit, result }, { setting, context });
  const isStarted = result === "done" && (job === "start" || job === "restart");
  // systemd calls a simple service started before its program runs.
  if (isStarted && unit.endsWith(".service")) await setTimeout(settleMs, undefined, context);
  const [properties, kind] = await Promise.all([
    bus.unitProperties(unit, context),
    bus.kindProperties(unit, context),
  ]);
  const active = textOf(properties, "ActiveState");
  const isBroken = active === "failed" || textOf(properties, "SubState") === "auto-restart";
  if (isStarted && isBroken) {
    throw await jobFailure({ job, unit, result: "it did not stay up" }, { setting, context });
  }
  return {
    unit,
    job: result,
    active,
    sub: textOf(properties, "SubState"),
    since: timeOf(properties, "StateChangeTimestamp"),
    explanation: explainUnit({ unit: properties, kind }),
  };
}

interface FailedJob {
  readonly job: UnitJob;
  readonly unit: string;
  readonly result: string;
}

async function jobFailure(
  { job, unit, result }: FailedJob,
  { setting, context }: ChangeParts,
): Promise<Error> {
  const status = await describeUnit({ unit, lines: linesOfFailure }, setting, context);
  return operationFailure({
    code: "ERR_UNIT_JOB",
    message:
      `The ${job} of ${unit} failed: ${result}. ${textOf(status, "explanation", 1000)}`.trim(),
    advice: "Its last log entries are in data.log; read_journal has more.",
    data: status,
  });
}
