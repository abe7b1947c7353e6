import type { BusConnection } from "op-dbus";
import { createHostnamed } from "op-dbus/systemd";
import { z } from "zod";
import type { StatePlugin } from "../../plugin/state-plugin.ts";
import { createSettingsPlugin } from "./create-settings-plugin.ts";
import { watchProperties } from "./watch-properties.ts";

const Label = z.string().max(255);
const Name = Label.regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?)*$/);

/** What can be declared of the machine's names; an empty text takes a name away. */
const HostnameDesired = z.strictObject({
  static: Name.optional().meta({ description: "The name the machine keeps." }),
  pretty: Label.optional().meta({ description: "The name for people." }),
  deployment: Label.optional().meta({ description: "What the machine is for: production." }),
  location: Label.optional().meta({ description: "Where the machine is." }),
  transient: Name.optional().meta({
    description: "The name until the next start, without a static one.",
  }),
});

/** Makes the plugin of the machine's names, which hostnamed keeps. */
export function createHostnamePlugin(bus: BusConnection): StatePlugin {
  const hostnamed = createHostnamed(bus);
  return createSettingsPlugin({
    name: "hostname",
    schema: HostnameDesired,
    read: async (signal) => {
      const text = (name: "StaticHostname" | "PrettyHostname" | "Deployment" | "Location") =>
        hostnamed.get(name, { signal });
      const settings = {
        static: await text("StaticHostname"),
        pretty: await text("PrettyHostname"),
        deployment: await text("Deployment"),
        location: await text("Location"),
      };
      // With a static name, the transient one only follows it.
      if (settings.static !== "") return settings;
      return { ...settings, transient: await hostnamed.get("Hostname", { signal }) };
    },
    write: async (settings, signal) => {
      const names = HostnameDesired.parse(settings);
      const set = async (
        member:
          | "SetStaticHostname"
          | "SetHostname"
          | "SetPrettyHostname"
          | "SetDeployment"
          | "SetLocation",
        value: string | undefined,
      ) => {
        if (value !== undefined) await hostnamed.call(member, [value, false], { signal });
      };
      await set("SetStaticHostname", names.static);
      await set("SetHostname", names.transient);
      await set("SetPrettyHostname", names.pretty);
      await set("SetDeployment", names.deployment);
      await set("SetLocation", names.location);
    },
    watch: (signal) => watchProperties(bus, hostnamed, signal),
  });
}
