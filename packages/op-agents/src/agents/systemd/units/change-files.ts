import { operationFailure } from "../../../serving/operation-failure.ts";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { flagField } from "../../operation/field.ts";
import { listSchema, objectSchema, string } from "../../operation/output-schema.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { UnitFileChange, UnitJob } from "../systemd-bus.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { runJob, stateSchema } from "./change-state.ts";
import { textOf } from "./property.ts";
import { checkUnprotected, toUnitName, unitField } from "./unit-name.ts";

interface FileChangeParts {
  readonly change: UnitFileChange;
  readonly description: string;
  /** What `now` does too. */
  readonly job?: UnitJob;
}

const runtime = flagField("runtime", "Only until the next boot.");

function fileOperation({
  change,
  description,
  job,
}: FileChangeParts): AgentOperation<SystemdSetting> {
  const now = flagField("now", job === "start" ? "Start it too." : "Stop it too.");
  return {
    name: `${change}_unit`,
    description,
    risk: "destructive",
    isIdempotent: true,
    fields: job === undefined ? [unitField, runtime] : [unitField, runtime, now],
    outputSchema: objectSchema(
      {
        unit: string,
        startsAtBoot: string,
        links: listSchema(objectSchema({ kind: string, path: string, target: string })),
        state: stateSchema,
      },
      ["state"],
    ),
    run: async (input, setting, context) => {
      const unit = toUnitName(unitField.read(input));
      checkUnprotected(unit, setting.protect);
      const bus = await setting.bus(context);
      const isRuntime = runtime.read(input);
      const { hasInstall, links } = await bus.changeFile(change, unit, { ...context, isRuntime });
      if (!hasInstall) throw nothingToEnable(unit);
      const state =
        job !== undefined && now.read(input)
          ? { state: await runJob(job, unit, { setting, context }) }
          : {};
      const properties = await bus.unitProperties(unit, context);
      return {
        unit,
        startsAtBoot: textOf(properties, "UnitFileState"),
        links: links.map(({ kind, path, target }) => ({
          kind,
          path: cleanText(path, 4096),
          target: cleanText(target, 4096),
        })),
        ...state,
      };
    },
  };
}

function nothingToEnable(unit: string): Error {
  return operationFailure({
    code: "ERR_UNIT_STATIC",
    message: `${unit} can't be enabled: its file has no [Install] section.`,
    advice: "It is started by another unit: unit_dependencies with neededBy tells which.",
  });
}

/** Makes a unit start at boot. */
export const enableUnit = fileOperation({
  change: "enable",
  description: "Makes a unit start at boot, and with now at once.",
  job: "start",
});

/** Makes a unit start at boot no more. */
export const disableUnit = fileOperation({
  change: "disable",
  description: "Makes a unit start at boot no more, and with now stops it.",
  job: "stop",
});

/** Makes a unit impossible to start. */
export const maskUnit = fileOperation({
  change: "mask",
  description: "Makes a unit impossible to start, by anybody, until it is unmasked.",
  job: "stop",
});

/** Makes a masked unit possible to start. */
export const unmaskUnit = fileOperation({
  change: "unmask",
  description: "Makes a masked unit possible to start again.",
});
