import { open } from "node:fs/promises";
import type { JsonObject } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import {
  boolean,
  listSchema,
  objectSchema,
  orNull,
  string,
} from "../../operation/output-schema.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { SystemdSetting } from "../systemd-setting.ts";
import { textOf, textsOf } from "./property.ts";
import { toUnitName, unitField } from "./unit-name.ts";
import { withholdSecrets } from "./withhold-secrets.ts";

const longestFile = 64 * 1024;

/** Shows the files of a unit. */
export const unitFile: AgentOperation<SystemdSetting> = {
  name: "unit_file",
  description:
    "Shows the files that make a unit: its own and its drop-ins, in the order they count. Values of environment variables and credentials are withheld.",
  risk: "read",
  isIdempotent: true,
  fields: [unitField],
  outputSchema: objectSchema({
    unit: string,
    startsAtBoot: string,
    files: listSchema(
      objectSchema({ path: string, text: orNull("string"), problem: string }, ["problem"]),
    ),
    needsReload: boolean,
  }),
  run: async (input, setting, context) => {
    const unit = toUnitName(unitField.read(input));
    const bus = await setting.bus(context);
    const properties = await bus.unitProperties(unit, context);
    const paths = [
      textOf(properties, "FragmentPath", 4096) || textOf(properties, "SourcePath", 4096),
      ...textsOf(properties, "DropInPaths"),
    ].filter((path) => path !== "");
    return {
      unit: textOf(properties, "Id"),
      startsAtBoot: textOf(properties, "UnitFileState"),
      files: await Promise.all(paths.map(readUnitFile)),
      needsReload: properties["NeedDaemonReload"] === true,
    };
  },
};

async function readUnitFile(path: string): Promise<JsonObject> {
  try {
    await using file = await open(path, "r");
    const buffer = Buffer.alloc(longestFile + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const text = buffer.subarray(0, Math.min(bytesRead, longestFile)).toString("utf8");
    return {
      path,
      text: cleanText(withholdSecrets(text), longestFile),
      ...(bytesRead > longestFile
        ? { problem: `Only the first ${longestFile} bytes are shown.` }
        : {}),
    };
  } catch (error) {
    const problem = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { path, text: null, problem: `It can't be read from here: ${problem}.` };
  }
}
