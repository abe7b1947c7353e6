import type { AgentOperation } from "../../operation/agent-operation.ts";
import { integer, objectSchema } from "../../operation/output-schema.ts";
import type { MonitorSetting } from "../monitor-setting.ts";
import { readHardware } from "../readings/read-hardware.ts";

const object = { type: "object" } as const;
const list = { type: "array", items: object } as const;

/** Tells what the machine is made of. */
export const hardware: AgentOperation<MonitorSetting> = {
  name: "get_hardware",
  description:
    "Tells what the machine is made of and what runs it: model, virtualization, operating system, kernel, processors, memory, disks, network cards, batteries.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({
    machine: object,
    virtualization: object,
    os: object,
    kernel: object,
    cpu: object,
    memoryBytes: integer,
    disks: list,
    network: list,
    power: list,
  }),
  run: () => Promise.resolve(readHardware()),
};
