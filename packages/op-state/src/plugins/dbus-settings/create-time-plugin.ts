import type { BusConnection } from "op-dbus";
import { createTimedated } from "op-dbus/systemd";
import { z } from "zod";
import type { StatePlugin } from "../../plugin/state-plugin.ts";
import { createSettingsPlugin } from "./create-settings-plugin.ts";
import { watchProperties } from "./watch-properties.ts";

/** What can be declared of the machine's clock. */
const TimeDesired = z.strictObject({
  timezone: z
    .string()
    .regex(/^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/)
    .optional()
    .meta({ description: "A name of the time zone database: Europe/Berlin." }),
  synchronised: z
    .boolean()
    .optional()
    .meta({ description: "Whether a service sets the clock by the network." }),
});

/** Makes the plugin of the time zone and of time synchronisation, which timedated keeps. */
export function createTimePlugin(bus: BusConnection): StatePlugin {
  const timedated = createTimedated(bus);
  return createSettingsPlugin({
    name: "time",
    schema: TimeDesired,
    read: async (signal) => ({
      timezone: await timedated.get("Timezone", { signal }),
      synchronised: await timedated.get("NTP", { signal }),
    }),
    write: async (settings, signal) => {
      const { timezone, synchronised } = TimeDesired.parse(settings);
      if (timezone !== undefined)
        await timedated.call("SetTimezone", [timezone, false], { signal });
      if (synchronised !== undefined) {
        await timedated.call("SetNTP", [synchronised, false], { signal });
      }
    },
    watch: (signal) => watchProperties(bus, timedated, signal),
  });
}
