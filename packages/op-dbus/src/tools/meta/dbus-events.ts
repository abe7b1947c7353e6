import type { JsonObject } from "op-core";
import type { Tool } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import { busResult } from "../calls/bus-result.ts";
import { catalogueOf } from "../dbus-runtime.ts";
import { firstPosition, type BusEvent, type EventPosition } from "../events/event-ring.ts";
import type { EventSubscription } from "../events/event-subscription.ts";
import { checkListening, type Listening } from "../events/listening.ts";
import { callerOf } from "../gate/gate.ts";
import { busArgument, metaHeader, type MetaToolParts } from "./meta-tool.ts";

const longestWaitSeconds = 60;

/** Makes the tool that listens to signals. */
export function createDBusEvents(parts: MetaToolParts): Tool {
  const { runtime, subscriptions } = parts;
  return defineTool({
    ...metaHeader(parts, "dbus_events"),
    title: "Follow D-Bus signals",
    description:
      "Listens to signals of a D-Bus service. The first call begins and answers a cursor; calls with the same selection and that cursor answer what came since, and can wait for it. Changes of properties come as PropertiesChanged, put together per object.",
    risk: "read",
    input: z.strictObject({
      bus: busArgument(runtime),
      service: z.string().meta({ description: "Name of the service whose signals are wanted." }),
      interface: z.string().optional().meta({
        description:
          "Only signals of this interface; org.freedesktop.DBus.Properties for changes of properties.",
      }),
      member: z.string().optional().meta({ description: "Only this signal." }),
      path: z.string().optional().meta({ description: "Only signals of this object." }),
      pathNamespace: z.string().optional().meta({
        description: "Only signals of this object and those below it.",
      }),
      cursor: z.string().optional().meta({
        description: "The cursor of the last answer; without it, what comes from now on.",
      }),
      waitSeconds: z
        .number()
        .min(0)
        .max(longestWaitSeconds)
        .default(0)
        .meta({ description: "Waits so long for the first event when there is none." }),
      limit: z.int().min(1).max(256).default(50).meta({ description: "At most so many events." }),
    }),
    call: async ({ bus, cursor, waitSeconds, limit, ...selection }, context) => {
      const { signal } = context;
      const catalogue = catalogueOf(runtime, bus);
      const listening: Listening = { runtime, catalogue, selection, caller: callerOf(context) };
      checkListening(listening);
      const subscription = await subscriptions.get(listening, { signal });
      const from = positionOf(cursor, subscription);
      const waitMs = waitSeconds * 1000;
      const page = await subscription.read(from.position, { limit, waitMs, signal });
      return busResult(
        {
          events: page.events.map(toData),
          cursor: `${subscription.epoch}-${page.next.at}-${page.next.count}`,
          ...(page.waiting > 0 && { waiting: page.waiting }),
          ...(page.dropped > 0 && { dropped: page.dropped }),
          ...(from.isLost && { restarted: true }),
        },
        { bus, service: selection.service },
      );
    },
  });
}

/** Where to go on; a cursor of an earlier subscription leads to the first event that the new one has. */
function positionOf(
  cursor: string | undefined,
  subscription: EventSubscription,
): { readonly position: EventPosition; readonly isLost: boolean } {
  if (cursor === undefined) return { position: subscription.mark(), isLost: false };
  const [, epoch, at, count] = /^([^-]+)-(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? [];
  return epoch === subscription.epoch
    ? { position: { at: Number(at), count: Number(count) }, isLost: false }
    : { position: firstPosition, isLost: true };
}

function toData({ at, path, interface: interfaceName, member, args }: BusEvent): JsonObject {
  return { time: new Date(at).toISOString(), path, interface: interfaceName, member, args };
}
