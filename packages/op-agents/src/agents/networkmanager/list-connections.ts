import type { JsonObject } from "op-core";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { boolean, listSchema, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { cleanText } from "../text/clean-text.ts";
import type { StoredConnection, StoredIp } from "./networkmanager-bus.ts";
import type { NetworkManagerSetting } from "./networkmanager-setting.ts";

const ipSchema = objectSchema({ method: string, addresses: listSchema(string), gateway: string });

/** Lists NetworkManager's connections and devices. */
export const listConnections: AgentOperation<NetworkManagerSetting> = {
  name: "list_connections",
  description:
    "Lists NetworkManager's stored connections with their addresses and whether each is up, and its devices with their states. Passwords are never told.",
  risk: "read",
  isIdempotent: true,
  fields: [],
  outputSchema: objectSchema({
    connections: listSchema(
      objectSchema({
        connection: string,
        uuid: string,
        kind: string,
        interface: string,
        startsByItself: boolean,
        state: string,
        ipv4: ipSchema,
        ipv6: ipSchema,
      }),
    ),
    devices: listSchema(
      objectSchema({
        interface: string,
        state: string,
        reason: string,
        isManaged: boolean,
        hasCarrier: orNull("boolean"),
      }),
    ),
  }),
  run: async (_input, setting, context) => {
    const bus = await setting.bus(context);
    const [stored, active, devices] = await Promise.all([
      bus.connections(context),
      bus.activeConnections(context),
      bus.devices(context),
    ]);
    return {
      connections: stored.map((each) => {
        const used = active.find(({ connection }) => connection === each.path);
        return describeConnection(each, used?.state ?? "down");
      }),
      devices: devices.map(({ interface: name, state, reason, isManaged, hasCarrier }) => ({
        interface: cleanText(name),
        state,
        reason,
        isManaged,
        hasCarrier,
      })),
    };
  },
};

function describeConnection(stored: StoredConnection, state: string): JsonObject {
  const { name, uuid, kind, interface: device, startsByItself, ipv4, ipv6 } = stored;
  return {
    connection: name,
    uuid,
    kind,
    interface: device,
    startsByItself,
    state,
    ipv4: describeIp(ipv4),
    ipv6: describeIp(ipv6),
  };
}

function describeIp({ method, addresses, gateway }: StoredIp): JsonObject {
  return { method, addresses, gateway };
}
