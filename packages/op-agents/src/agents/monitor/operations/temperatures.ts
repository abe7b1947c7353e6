import type { AgentOperation } from "../../operation/agent-operation.ts";
import { listSchema, objectSchema } from "../../operation/output-schema.ts";
import type { MonitorSetting } from "../monitor-setting.ts";
import { readTemperatures } from "../readings/read-temperatures.ts";
import { temperatureSchema } from "./schemas.ts";

/** Tells how hot things are. */
export const temperatures: AgentOperation<MonitorSetting> = {
  name: "get_temperatures",
  description: "Tells what the machine's temperature sensors measure; a virtual machine has none.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({ temperatures: listSchema(temperatureSchema) }),
  run: () => Promise.resolve({ temperatures: readTemperatures() }),
};
