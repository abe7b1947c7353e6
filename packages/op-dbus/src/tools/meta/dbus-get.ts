import type { Tool } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { prepareGet } from "../calls/action.ts";
import { busResult } from "../calls/bus-result.ts";
import { askingOf } from "../calls/decide.ts";
import { busArgument, interfaceArguments, metaHeader, type MetaToolParts } from "./meta-tool.ts";

/** Makes the tool that reads properties. */
export function createDBusGet(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  return defineTool({
    ...metaHeader(parts, "dbus_get"),
    title: "Read D-Bus properties",
    description:
      "Reads one, several or all properties of an object of a D-Bus service, such as ActiveState of a unit (interface org.freedesktop.systemd1.Unit).",
    risk: "read",
    input: z.strictObject({
      bus: busArgument(runtime),
      ...interfaceArguments,
      names: z.array(z.string()).optional().meta({
        description: "Names of the properties; all of the interface unless told.",
      }),
    }),
    call: async (request, context) => {
      const action = await prepareGet(runtime, request, askingOf(context, false));
      return busResult(await action.perform(context.signal), action.verdict.operation);
    },
  });
}
