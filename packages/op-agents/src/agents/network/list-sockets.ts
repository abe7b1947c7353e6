import type { JsonObject } from "op-core";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { choiceField, integerField } from "../operation/field.ts";
import {
  boolean,
  integer,
  listSchema,
  objectSchema,
  orNull,
  string,
} from "../operation/output-schema.ts";
import { runProgram } from "../programs/run-program.ts";
import { findSocketOwners, type SocketOwner } from "./socket-owners.ts";

const state = choiceField("state", "Sockets that wait for peers, or that have one.", [
  "listening",
  "connected",
]);
const port = integerField("port", "Only sockets at this port of this machine.", {
  least: 1,
  most: 65_535,
  fallback: undefined,
});
const limit = integerField("limit", "How many at most.", { least: 1, most: 1000, fallback: 200 });

/** Lists sockets with who has them. */
export const listSockets: AgentOperation<undefined> = {
  name: "list_sockets",
  description:
    "Lists TCP and UDP sockets that listen, or that are connected: address, port, the unit that has each, and that unit's processes. Answers who listens on a port.",
  risk: "read",
  isIdempotent: true,
  fields: [state, port, limit],
  outputSchema: objectSchema({
    sockets: listSchema(
      objectSchema(
        {
          protocol: string,
          address: string,
          port: orNull("integer"),
          peer: string,
          unit: orNull("string"),
          processes: listSchema(objectSchema({ pid: integer, name: string })),
        },
        ["peer"],
      ),
    ),
    total: integer,
    hasOwners: boolean,
  }),
  run: async (input, _setting, context) => {
    const isListening = state.read(input) === "listening";
    const which = isListening ? ["--listening"] : ["state", "connected"];
    const options = ["-H", "-O", "--numeric", "--tcp", "--udp", "--extended", "--cgroup"];
    const wanted = port.read(input);
    const rows = (await runProgram("ss", [...options, ...which], context))
      .split("\n")
      .flatMap((line) => parseSocket(line) ?? [])
      .filter((row) => wanted === undefined || row.port === wanted);
    const shown = rows.slice(0, limit.read(input));
    const owners = await findSocketOwners([...new Set(shown.flatMap(({ group }) => group ?? []))]);
    return {
      sockets: shown.map((row) => describeSocket(row, owners, isListening)),
      total: rows.length,
      hasOwners: shown.length === 0 || owners.size > 0,
    };
  },
};

interface SocketRow {
  readonly protocol: string;
  readonly address: string;
  readonly port: number | null;
  readonly peer: string;
  /** The path of its control group, or what stands for it. */
  readonly group: string | undefined;
}

/** Reads a line such as `tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* uid:33 ino:1 sk:1 cgroup:/system.slice/nginx.service <->`. */
export function parseSocket(line: string): SocketRow | undefined {
  const [protocol, , , , local, peer] = line.trim().split(/\s+/u);
  if (protocol === undefined || local === undefined || peer === undefined) return undefined;
  const colon = local.lastIndexOf(":");
  const number = Number(local.slice(colon + 1));
  return {
    protocol,
    address: local.slice(0, colon).replaceAll(/[[\]]/gu, ""),
    port: Number.isInteger(number) ? number : null,
    peer,
    group: /\scgroup:(.*?)(?:\s(?:v6only:\d|<->|<-|->|--).*)?$/u.exec(line)?.[1]?.trim(),
  };
}

function describeSocket(
  { protocol, address, port: number, peer, group }: SocketRow,
  owners: ReadonlyMap<string, SocketOwner>,
  isListening: boolean,
): JsonObject {
  const owner = group === undefined ? undefined : owners.get(group);
  return {
    protocol,
    address,
    port: number,
    ...(isListening ? {} : { peer }),
    unit: owner?.unit ?? null,
    processes: owner?.processes.map((process) => ({ ...process })) ?? [],
  };
}
