import { DBusConfig } from "op-dbus/config";
import * as z from "zod";

/** Whether and how op-mcp offers D-Bus. */
export const DBusSettings = DBusConfig.extend({
  isEnabled: z.boolean().default(true).meta({
    description: "Whether the services of D-Bus are offered as tools.",
    env: "MCP_DBUS_DISCOVERY",
  }),
}).meta({ description: "The services of D-Bus as tools." });

/** Whether and how op-mcp offers D-Bus. */
export type DBusSettings = z.output<typeof DBusSettings>;
