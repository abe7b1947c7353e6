import type { JsonObject } from "op-core";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { textField } from "../operation/field.ts";
import {
  boolean,
  integer,
  listSchema,
  objectSchema,
  orNull,
  string,
} from "../operation/output-schema.ts";
import { runProgram } from "../programs/run-program.ts";
import { numberIn, objectIn, objectsIn, parseObjects, textIn } from "./json-parts.ts";
import { interfaceNameOf } from "./network-fields.ts";

const name = textField("interface", "Only this interface, such as eth0.", { fallback: undefined });

const trafficSchema = objectSchema({
  bytes: orNull("integer"),
  packets: orNull("integer"),
  errors: orNull("integer"),
  dropped: orNull("integer"),
});

/** Lists the interfaces with their addresses. */
export const listInterfaces: AgentOperation<undefined> = {
  name: "list_interfaces",
  description:
    "Lists network interfaces: kind, state, whether a cable or peer is there, hardware address, IP addresses, traffic and errors.",
  risk: "read",
  isIdempotent: true,
  fields: [name],
  outputSchema: objectSchema({
    interfaces: listSchema(
      objectSchema({
        interface: string,
        kind: string,
        state: string,
        isUp: boolean,
        hasCarrier: boolean,
        mtu: orNull("integer"),
        hardwareAddress: orNull("string"),
        memberOf: orNull("string"),
        addresses: listSchema(
          objectSchema({
            address: string,
            prefix: orNull("integer"),
            scope: orNull("string"),
            isDynamic: boolean,
          }),
        ),
        received: trafficSchema,
        sent: trafficSchema,
      }),
    ),
    total: integer,
  }),
  run: async (input, _setting, context) => {
    const wanted = interfaceNameOf(name.read(input));
    const chosen = wanted === undefined ? [] : ["dev", wanted];
    const args = ["-json", "-details", "-statistics", "address", "show", ...chosen];
    const rows = parseObjects(await runProgram("ip", args, context));
    const interfaces = rows.filter((row) => row["ifname"] !== undefined).map(describeInterface);
    return { interfaces, total: interfaces.length };
  },
};

function describeInterface(row: JsonObject): JsonObject {
  const flags = Array.isArray(row["flags"]) ? row["flags"] : [];
  const statistics = objectIn(row["stats64"]);
  return {
    interface: textIn(row["ifname"]) ?? "",
    kind: textIn(objectIn(row["linkinfo"])["info_kind"]) ?? textIn(row["link_type"]) ?? "",
    state: textIn(row["operstate"])?.toLowerCase() ?? "",
    isUp: flags.includes("UP"),
    hasCarrier: flags.includes("LOWER_UP"),
    mtu: numberIn(row["mtu"]),
    hardwareAddress: textIn(row["address"]),
    memberOf: textIn(row["master"]),
    addresses: objectsIn(row["addr_info"]).map((address) => ({
      address: textIn(address["local"]) ?? "",
      prefix: numberIn(address["prefixlen"]),
      scope: textIn(address["scope"]),
      isDynamic: address["dynamic"] === true,
    })),
    received: describeTraffic(objectIn(statistics["rx"])),
    sent: describeTraffic(objectIn(statistics["tx"])),
  };
}

function describeTraffic(traffic: JsonObject): JsonObject {
  return {
    bytes: numberIn(traffic["bytes"]),
    packets: numberIn(traffic["packets"]),
    errors: numberIn(traffic["errors"]),
    dropped: numberIn(traffic["dropped"]),
  };
}
