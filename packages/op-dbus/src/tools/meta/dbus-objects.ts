import type { JsonObject } from "op-core";
import type { Tool } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { busResult } from "../calls/bus-result.ts";
import { parseWellKnownName } from "../../names/bus-name.ts";
import { UnknownMemberError } from "../dbus-tools-error.ts";
import { catalogueOf } from "../dbus-runtime.ts";
import { checkLooking } from "../gate/check-looking.ts";
import { callerOf } from "../gate/gate.ts";
import { busArgument, metaHeader, type MetaToolParts } from "./meta-tool.ts";

/** Makes the tool that lists objects. */
export function createDBusObjects(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  return defineTool({
    ...metaHeader(parts, "dbus_objects"),
    title: "List D-Bus objects",
    description:
      "Lists the objects that a running D-Bus service has now, those with one interface or all by their interfaces. Starts nothing.",
    risk: "read",
    input: z.strictObject({
      bus: busArgument(runtime),
      service: z.string().meta({ description: "Name of the service." }),
      interface: z.string().optional().meta({ description: "Only objects with this interface." }),
      offset: z.int().min(0).default(0).meta({ description: "Skips so many objects." }),
      limit: z.int().min(1).max(1000).default(100).meta({ description: "At most so many." }),
    }),
    call: async ({ bus, service, interface: interfaceName, offset, limit }, context) => {
      const { signal } = context;
      const catalogue = catalogueOf(runtime, bus);
      const name = parseWellKnownName(service);
      checkLooking(runtime.gate, callerOf(context), { bus: catalogue.target.name, service: name });
      const { interfaces, gapCount } = await catalogue.describeAnew(name, signal);
      const from = { bus: catalogue.target.name, service };
      const gaps: JsonObject = gapCount === 0 ? {} : { objectsThatDidNotAnswer: gapCount };
      if (interfaceName !== undefined) {
        const entry = interfaces.get(interfaceName);
        if (entry === undefined) {
          throw new UnknownMemberError(`object of ${service} with the interface ${interfaceName}`, [
            ...interfaces.keys(),
          ]);
        }
        const { all } = entry.paths;
        const paths = all.slice(offset, offset + limit);
        return busResult({ paths, total: all.length, ...gaps }, from);
      }
      const listed = [...interfaces].map(([key, { paths }]): [string, JsonObject] => {
        const { all, pattern } = paths;
        return [
          key,
          {
            total: all.length,
            ...(pattern === undefined ? {} : { pattern }),
            paths: all.slice(offset, offset + (pattern === undefined ? limit : Math.min(limit, 5))),
          },
        ];
      });
      return busResult({ interfaces: Object.fromEntries(listed), ...gaps }, from);
    },
  });
}
