import type { AgentOperation } from "../operation/agent-operation.ts";
import { textField } from "../operation/field.ts";
import { listSchema, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { runProgram } from "../programs/run-program.ts";
import { parseObjects, textIn } from "./json-parts.ts";
import { interfaceNameOf } from "./network-fields.ts";

const name = textField("interface", "Only neighbours at this interface.", { fallback: undefined });

/** Lists neighbours. */
export const listNeighbours: AgentOperation<undefined> = {
  name: "list_neighbours",
  description:
    "Lists machines on the same links, as far as the kernel knows them (ARP and NDP): address, hardware address, and whether they answer.",
  risk: "read",
  isIdempotent: true,
  fields: [name],
  outputSchema: objectSchema({
    neighbours: listSchema(
      objectSchema({
        address: string,
        interface: orNull("string"),
        hardwareAddress: orNull("string"),
        state: string,
      }),
    ),
  }),
  run: async (input, _setting, context) => {
    const wanted = interfaceNameOf(name.read(input));
    const chosen = wanted === undefined ? [] : ["dev", wanted];
    const text = await runProgram("ip", ["-json", "neighbour", "show", ...chosen], context);
    return {
      neighbours: parseObjects(text).map((row) => ({
        address: textIn(row["dst"]) ?? "",
        interface: textIn(row["dev"]) ?? wanted ?? null,
        hardwareAddress: textIn(row["lladdr"]),
        state: (Array.isArray(row["state"]) ? row["state"] : [])
          .flatMap((state) => textIn(state)?.toLowerCase() ?? [])
          .join(", "),
      })),
    };
  },
};
