import type { JsonObject } from "op-core";
import { z } from "zod";

const Interface = z.string().regex(/^(?!\.{1,2}$)[^/\s]{1,15}$/);
const four = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const six = "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";
const Address = (host: string) => z.string().regex(new RegExp(`^${host}$`));
const Network = (host: string) => z.string().regex(new RegExp(`^${host}/\\d{1,3}$`));

const addressing = (host: string, methods: readonly [string, ...string[]]) =>
  z.strictObject({
    method: z.enum(methods).optional().meta({
      description: "Where addresses come from: auto from the network, manual from addresses.",
    }),
    addresses: z.array(Network(host)).optional().meta({
      description: "Every address with its prefix: 192.0.2.10/24.",
    }),
    gateway: Address(host).or(z.literal("")).optional().meta({
      description: "The way out of the network; an empty text takes it away.",
    }),
    dns: z.array(Address(host)).optional().meta({ description: "Every DNS server." }),
  });

/** What can be declared of a connection. What is left out is left as it is. */
export const ConnectionDesired = z.strictObject({
  type: z.enum(["ethernet", "bridge", "vlan"]).optional().meta({
    description: "What it is made of. New connections need it, and it cannot be changed.",
  }),
  interface: Interface.optional().meta({ description: "The network interface: eth0." }),
  vlan: z
    .strictObject({
      parent: Interface.meta({ description: "The interface below." }),
      id: z.int().min(0).max(4094),
    })
    .optional()
    .meta({ description: "Of a vlan, what it is on. A new vlan needs it." }),
  autoconnect: z.boolean().optional().meta({ description: "Whether it comes up by itself." }),
  ipv4: addressing(four, ["auto", "manual", "link-local", "disabled"]).optional(),
  ipv6: addressing(six, ["auto", "manual", "link-local", "disabled", "ignore"]).optional(),
  active: z.boolean().optional().meta({ description: "Whether it is up now." }),
});

/** What can be declared of a connection. */
export type ConnectionDesired = z.output<typeof ConnectionDesired>;

/** Reads a declaration that fits the schema. */
export function parseConnectionDesired(desired: JsonObject): ConnectionDesired {
  return ConnectionDesired.parse(desired);
}
