import type { JsonObject } from "op-core";
import { dataResult, type CallEffect, type Tool, type ToolContext } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { effectOf, prepareAction, prepareSet, previewOf, type Action } from "../calls/action.ts";
import { busResult } from "../calls/bus-result.ts";
import type { MethodRequest } from "../calls/method-call.ts";
import { pageOf } from "../calls/page.ts";
import type { WriteRequest } from "../calls/write-property.ts";
import { NotReadOnlyError } from "../dbus-tools-error.ts";
import { isRead } from "../gate/class-risk.ts";
import { nameOf } from "../gate/gate.ts";
import { jsonArgument, parseInput } from "./json-argument.ts";
import { askingOf } from "../calls/decide.ts";
import {
  busArgument,
  interfaceArguments,
  metaHeader,
  methodArguments,
  type MetaToolParts,
} from "./meta-tool.ts";

/** Makes the tool that calls methods which only read. */
export function createDBusRead(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  return defineTool({
    ...metaHeader(parts, "dbus_read"),
    title: "Call a D-Bus method that only reads",
    description:
      "Calls a method of a D-Bus service that only reads, such as ListUnits of systemd, and answers what comes out by name. Methods that change anything are refused: use dbus_act.",
    risk: "read",
    input: z.strictObject({ bus: busArgument(runtime), ...methodArguments }),
    call: async (request, context) => {
      const action = await prepareAction(runtime, request, askingOf(context, false));
      const { operation, classification } = action.verdict;
      if (!isRead(classification.class)) {
        throw new NotReadOnlyError(nameOf(operation), classification.reason);
      }
      return busResult(pageOf(await action.perform(context.signal), request), operation);
    },
  });
}

/** Makes the tool that calls any method that the rules allow. */
export function createDBusAct(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  const input = z.strictObject({ bus: busArgument(runtime), ...methodArguments });
  const tool = defineTool({
    ...metaHeader(parts, "dbus_act"),
    title: "Call a D-Bus method that changes something",
    description:
      "Calls a method of a D-Bus service that changes something, such as RestartUnit of systemd, as far as the rules allow it; a person may be asked first. For methods that only read, use dbus_read.",
    risk: "destructive",
    input,
    call: async (request, context) => {
      const action = await prepareAction(runtime, request, askingOf(context, true));
      const { operation } = action.verdict;
      return busResult(pageOf(await action.perform(context.signal), request), operation);
    },
  });
  const prepare = (args: JsonObject, context: ToolContext): Promise<Action> => {
    const request: MethodRequest = parseInput(tool.name, input, args);
    return prepareAction(runtime, request, askingOf(context, true));
  };
  return { ...tool, ...inspect(parts, prepare) };
}

/** Makes the tool that writes properties. */
export function createDBusSet(parts: MetaToolParts): Tool {
  const { runtime } = parts;
  const input = z.strictObject({
    bus: busArgument(runtime),
    ...interfaceArguments,
    property: z.string().meta({ description: "Name of the property." }),
    value: jsonArgument.meta({
      description: "Its new value, of the type that dbus_describe shows.",
    }),
  });
  const tool = defineTool({
    ...metaHeader(parts, "dbus_set"),
    title: "Set a D-Bus property",
    description:
      "Sets a property of an object of a D-Bus service, as far as the rules allow it; a person may be asked first. Many settings are changed by methods instead: dbus_search finds them.",
    risk: "destructive",
    annotations: { idempotentHint: true },
    input,
    call: async (request, context) => {
      const action = await prepareSet(runtime, request, askingOf(context, true));
      return busResult(await action.perform(context.signal), action.verdict.operation);
    },
  });
  const prepare = (args: JsonObject, context: ToolContext): Promise<Action> => {
    const request: WriteRequest = parseInput(tool.name, input, args);
    return prepareSet(runtime, request, askingOf(context, true));
  };
  return { ...tool, ...inspect(parts, prepare) };
}

/** How a call is looked at before it is made: by the same preparation. */
function inspect(
  { runtime }: Pick<MetaToolParts, "runtime">,
  prepare: (args: JsonObject, context: ToolContext) => Promise<Action>,
): Required<Pick<Tool, "effectOf" | "preview">> {
  return {
    effectOf: async (args, context): Promise<CallEffect> =>
      await effectOf(runtime, await prepare(args, context), context),
    preview: async (args, context) => dataResult(previewOf(await prepare(args, context))),
  };
}
