import * as z from "zod";
import type { ToolDescriptor } from "op-tools";
import type { MemberSearch } from "../catalogue/member-search.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import type { EventSubscriptions } from "../events/event-subscriptions.ts";
import { jsonArgument } from "./json-argument.ts";

/** What the tools that work on any service are made with. */
export interface MetaToolParts {
  readonly runtime: DBusRuntime;
  readonly search: MemberSearch;
  readonly subscriptions: EventSubscriptions;
  /** The source the tools belong to. */
  readonly source: string;
  /** What their names begin with: nothing, or the name of another machine. */
  readonly prefix: string;
}

/** What these tools have in common. */
export function metaHeader(
  { source, prefix }: MetaToolParts,
  name: string,
): Pick<ToolDescriptor, "name" | "category" | "tags" | "source"> {
  return { name: `${prefix}${name}`, category: "dbus", tags: ["dbus"], source };
}

/** The argument that names a bus. */
export function busArgument({ catalogues }: DBusRuntime): z.ZodType<string> {
  const names = catalogues.map(({ target }) => target.name);
  const [first = "system"] = names;
  const isOnly = names.length < 2;
  return z
    .enum([first, ...names.slice(1)])
    .default(first)
    .meta({
      description: isOnly ? "The bus." : "The bus: system is the machine, session the user.",
    });
}

/** Arguments that name an interface of an object. */
export const interfaceArguments = {
  service: z
    .string()
    .meta({ description: "Name of the service, such as org.freedesktop.systemd1." }),
  interface: z
    .string()
    .meta({ description: "Name of the interface, such as org.freedesktop.systemd1.Manager." }),
  path: z.string().optional().meta({
    description:
      "Path of the object. Leave it out where one object only has the interface; dbus_objects lists objects.",
  }),
};

/** Arguments that choose a part of a long answer. */
const pageArguments = {
  fields: z
    .array(z.string())
    .optional()
    .meta({ description: "Only these outputs, or these keys of dictionaries." }),
  offset: z.int().min(0).optional().meta({ description: "Skips so many items of each list." }),
  limit: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: "At most so many items of each list; 200 unless told." }),
};

/** Arguments of a call of a method. */
export const methodArguments = {
  ...interfaceArguments,
  member: z.string().meta({ description: "Name of the method, such as ListUnits." }),
  args: z
    .union([z.record(z.string(), jsonArgument), z.array(jsonArgument)])
    .optional()
    .meta({
      description:
        "Arguments by their names, or as an array in their order; dbus_describe shows them. A value of type v is text, a boolean, or {type, value}.",
    }),
  ...pageArguments,
};
