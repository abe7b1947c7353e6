import type { BusConnection } from "op-dbus";
import { createTimedated } from "op-dbus/systemd";
import { z } from "zod";
import type { StatePlugin } from "../../plugin/state-plugin.ts";
import { StateChangeError } from "../../state-error.ts";
import { waitUntil } from "../wait-until.ts";
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

const serviceTimeoutMs = 10_000;

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
    refuse: async (settings, signal) => {
      const { timezone, synchronised } = TimeDesired.parse(settings);
      if (timezone !== undefined) {
        const [known] = await timedated.call("ListTimezones", [], { signal });
        if (!known.includes(timezone)) return `there is no time zone ${timezone}.`;
      }
      if (synchronised !== true || (await timedated.get("CanNTP", { signal }))) return undefined;
      return "no service that sets the clock is installed: install systemd-timesyncd or chrony.";
    },
    write: async (settings, signal) => {
      const { timezone, synchronised } = TimeDesired.parse(settings);
      if (timezone !== undefined)
        await timedated.call("SetTimezone", [timezone, false], { signal });
      if (synchronised !== undefined) {
        await timedated.call("SetNTP", [synchronised, false], { signal });
        const isSet = async () => (await timedated.get("NTP", { signal })) === synchronised;
        if (await waitUntil(isSet, { timeoutMs: serviceTimeoutMs, signal })) return;
        const reason = `the service that sets the clock did not ${synchronised ? "start" : "stop"}.`;
        const advice = "Look at what `timedatectl timesync-status` and the service's log say.";
        throw new StateChangeError("time:system", reason, { advice });
      }
    },
    watch: (signal) => watchProperties(bus, timedated, signal),
  });
}
