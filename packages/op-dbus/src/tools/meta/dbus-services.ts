import type { JsonObject } from "op-core";
import { dataResult, type Tool } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { describeService } from "../../descriptions/index.ts";
import { catalogueOf } from "../dbus-runtime.ts";
import { busArgument, metaHeader, type MetaToolParts } from "./meta-tool.ts";

/** Makes the tool that lists services. */
export function createDBusServices(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  return defineTool({
    ...metaHeader(parts, "dbus_services"),
    title: "List D-Bus services",
    description:
      "Lists the services of a D-Bus bus: those that run, and those that start when they are first called. Starts nothing.",
    risk: "read",
    input: z.strictObject({
      bus: busArgument(runtime),
      contains: z.string().optional().meta({ description: "Only names that contain this text." }),
    }),
    call: async ({ bus, contains = "" }, { signal }) => {
      const catalogue = catalogueOf(runtime, bus);
      const wanted = contains.toLowerCase();
      const all = await catalogue.services(signal);
      const services = all
        .filter(({ name }) => name.toLowerCase().includes(wanted))
        .map(({ name, isRunning }): JsonObject => {
          const text = describeService(name)?.text;
          return {
            service: name,
            state: isRunning ? "running" : "starts when called",
            ...(text === undefined ? {} : { text }),
          };
        });
      const buses = runtime.catalogues.map(({ target }) => target.name);
      return dataResult({ bus: catalogue.target.name, services, buses });
    },
  });
}
