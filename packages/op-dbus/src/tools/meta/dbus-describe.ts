import type { JsonObject } from "op-core";
import { dataResult, type Tool } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import type { Caller } from "../../access/access-decision.ts";
import { parseWellKnownName } from "../../names/bus-name.ts";
import { findInterface } from "../calls/find-interface.ts";
import {
  membersOfInterface,
  parseMemberId,
  type CatalogueMember,
} from "../catalogue/catalogue-member.ts";
import {
  describeInterfaceOf,
  describeOneMember,
  describeServiceOf,
} from "../catalogue/describe-member.ts";
import { UnknownMemberError } from "../dbus-tools-error.ts";
import { catalogueOf, type DBusRuntime } from "../dbus-runtime.ts";
import { checkLooking } from "../gate/check-looking.ts";
import { callerOf } from "../gate/gate.ts";
import { busArgument, metaHeader, type MetaToolParts } from "./meta-tool.ts";

interface Wanted {
  readonly bus: string;
  readonly service: string;
  readonly interface?: string | undefined;
  readonly member?: string | undefined;
  readonly path?: string | undefined;
}

/** Makes the tool that shows what services offer. */
export function createDBusDescribe(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  return defineTool({
    ...metaHeader(parts, "dbus_describe"),
    title: "Describe D-Bus",
    description:
      "Describes a D-Bus service, one of its interfaces, or one member with its arguments as JSON Schema, what it may do, whether you may, and which polkit action it needs. Starts nothing.",
    risk: "read",
    input: z.strictObject({
      id: z.string().optional().meta({
        description: "The id of a member, as dbus_search answers it, instead of the rest.",
      }),
      bus: busArgument(runtime),
      service: z.string().optional().meta({ description: "Name of the service." }),
      interface: z.string().optional().meta({ description: "Name of the interface." }),
      member: z.string().optional().meta({ description: "A method, property or signal." }),
      path: z.string().optional().meta({
        description: "An object that has the interface, where the service is not known to have it.",
      }),
    }),
    call: async ({ id, ...parts_ }, context) => {
      const wanted = id === undefined ? named(parts_) : identified(id);
      return dataResult(await describe(runtime, wanted, callerAt(context)));
    },
  });
}

function callerAt(context: Parameters<typeof callerOf>[0] & { readonly signal: AbortSignal }) {
  return { caller: callerOf(context), signal: context.signal };
}

function named(given: Omit<Wanted, "service"> & { readonly service?: string | undefined }): Wanted {
  const { service } = given;
  if (service === undefined) throw new UnknownMemberError("service without a name");
  return { ...given, service };
}

function identified(id: string): Wanted {
  const wanted = parseMemberId(id);
  if (wanted === undefined) {
    throw new UnknownMemberError(`member with the id ${JSON.stringify(id.slice(0, 500))}`);
  }
  return wanted;
}

async function describe(
  runtime: DBusRuntime,
  wanted: Wanted,
  { caller, signal }: { readonly caller: Caller; readonly signal: AbortSignal },
): Promise<JsonObject> {
  const catalogue = catalogueOf(runtime, wanted.bus);
  const service = parseWellKnownName(wanted.service);
  const { interface: interfaceName, member, path } = wanted;
  checkLooking(runtime.gate, caller, { bus: catalogue.target.name, service });
  if (interfaceName === undefined) {
    return describeServiceOf(await catalogue.describe(service, signal));
  }
  const place = { bus: catalogue.target.name, name: service };
  const owner = await findInterface(catalogue, { service, interface: interfaceName, path }, signal);
  if (member === undefined) return describeInterfaceOf(place, owner, runtime.gate);
  const members = membersOfInterface(place, owner).filter(
    ({ description }) => description.name === member,
  );
  if (members.length === 0) {
    throw new UnknownMemberError(
      `member ${JSON.stringify(member.slice(0, 255))} of ${interfaceName}`,
      nearby(membersOfInterface(place, owner), member),
    );
  }
  const described = members.map((one) => describeOneMember(one, runtime.gate, caller));
  const [first = {}] = described;
  return described.length === 1 ? first : { members: described };
}

function nearby(members: readonly CatalogueMember[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return members
    .map(({ description }) => description.name)
    .filter((other) => other.toLowerCase().includes(wanted) || wanted.includes(other.toLowerCase()))
    .slice(0, 5);
}
