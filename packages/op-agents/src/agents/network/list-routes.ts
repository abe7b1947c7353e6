import type { JsonObject } from "op-core";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { choiceField, textField } from "../operation/field.ts";
import { listSchema, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { runProgram } from "../programs/run-program.ts";
import { numberIn, parseObjects, textIn } from "./json-parts.ts";
import { addressOf } from "./network-fields.ts";

const to = textField("to", "Only the way that packets to this IP address take.", {
  fallback: undefined,
});
const tables = choiceField("tables", "Which routing tables: what is usual, or all.", [
  "main",
  "all",
]);

/** Lists routes. */
export const listRoutes: AgentOperation<undefined> = {
  name: "list_routes",
  description:
    "Lists routes, default ones first; or tells which way packets to an address take: interface, gateway and source address.",
  risk: "read",
  isIdempotent: true,
  fields: [to, tables],
  outputSchema: objectSchema({
    routes: listSchema(
      objectSchema(
        {
          to: string,
          via: orNull("string"),
          interface: orNull("string"),
          source: orNull("string"),
          metric: orNull("integer"),
          protocol: orNull("string"),
          kind: string,
          table: string,
        },
        ["protocol"],
      ),
    ),
  }),
  run: async (input, _setting, context) => {
    const target = to.read(input);
    const found =
      target === undefined
        ? await readTables(tables.read(input), context)
        : await runProgram("ip", ["-json", "route", "get", addressOf(target)], context).then(
            parseObjects,
          );
    return { routes: found.map(describeRoute).toSorted(byGenerality) };
  },
};

async function readTables(
  wanted: "main" | "all",
  options: { readonly signal: AbortSignal },
): Promise<readonly JsonObject[]> {
  const show = async (family: string) =>
    parseObjects(
      await runProgram(
        "ip",
        ["-json", "-details", family, "route", "show", "table", wanted],
        options,
      ),
    );
  return (await Promise.all([show("-4"), show("-6")])).flat();
}

function describeRoute(route: JsonObject): JsonObject {
  return {
    to: textIn(route["dst"]) ?? "",
    via: textIn(route["gateway"]),
    interface: textIn(route["dev"]),
    source: textIn(route["prefsrc"]),
    metric: numberIn(route["metric"]),
    protocol: textIn(route["protocol"]),
    kind: textIn(route["type"]) ?? "unicast",
    table: textIn(route["table"]) ?? "main",
  };
}

function byGenerality(left: JsonObject, right: JsonObject): number {
  return Number(right["to"] === "default") - Number(left["to"] === "default");
}
