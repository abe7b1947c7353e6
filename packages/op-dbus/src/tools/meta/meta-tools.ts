import type { Tool } from "op-tools";
import { createDBusAct, createDBusRead, createDBusSet } from "./dbus-calls.ts";
import { createDBusDescribe } from "./dbus-describe.ts";
import { createDBusEvents } from "./dbus-events.ts";
import { createDBusGet } from "./dbus-get.ts";
import { createDBusObjects } from "./dbus-objects.ts";
import { createDBusSearch } from "./dbus-search.ts";
import { createDBusServices } from "./dbus-services.ts";
import type { MetaToolParts } from "./meta-tool.ts";

/** Makes the tools that work on any service. */
export function createMetaTools(parts: MetaToolParts): readonly Tool[] {
  return [
    createDBusSearch(parts),
    createDBusDescribe(parts),
    createDBusServices(parts),
    createDBusObjects(parts),
    createDBusRead(parts),
    createDBusAct(parts),
    createDBusGet(parts),
    createDBusSet(parts),
    createDBusEvents(parts),
  ];
}
