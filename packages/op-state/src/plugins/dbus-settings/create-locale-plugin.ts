import type { BusConnection } from "op-dbus";
import { createLocaled } from "op-dbus/systemd";
import { z } from "zod";
import type { StatePlugin } from "../../plugin/state-plugin.ts";
import { createSettingsPlugin } from "./create-settings-plugin.ts";
import { watchProperties } from "./watch-properties.ts";

/** The variables that localed knows, but for LANGUAGE, a list of another form. */
const variables = [
  "LANG",
  "LC_CTYPE",
  "LC_NUMERIC",
  "LC_TIME",
  "LC_COLLATE",
  "LC_MONETARY",
  "LC_MESSAGES",
  "LC_PAPER",
  "LC_NAME",
  "LC_ADDRESS",
  "LC_TELEPHONE",
  "LC_MEASUREMENT",
  "LC_IDENTIFICATION",
] as const;

const Locale = z.string().regex(/^[A-Za-z0-9_.@-]{0,64}$/);

/** What can be declared of the machine's language; an empty text lets a variable follow LANG. */
const LocaleDesired = z.partialRecord(z.enum(variables), Locale);

/** Makes the plugin of the machine's language, which localed keeps. */
export function createLocalePlugin(bus: BusConnection): StatePlugin {
  const localed = createLocaled(bus);
  const readAll = async (signal: AbortSignal) => {
    const lines = await localed.get("Locale", { signal });
    return new Map(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  };
  return createSettingsPlugin({
    name: "locale",
    schema: LocaleDesired,
    read: async (signal) => {
      const known = await readAll(signal);
      return Object.fromEntries(variables.map((name) => [name, known.get(name) ?? ""]));
    },
    normalise: (desired, current) => {
      const language = desired["LANG"] ?? current["LANG"];
      return Object.fromEntries(
        Object.entries(desired).map(([name, value]) =>
          name !== "LANG" && value === language ? [name, ""] : [name, value],
        ),
      );
    },
    // localed keeps what it is not told, and takes no empty value: what equals LANG it drops, LANG itself it never does.
    isReversible: (current) => current["LANG"] !== "",
    write: async (settings, signal) => {
      const wanted = LocaleDesired.parse(settings);
      const language = wanted.LANG || (await readAll(signal)).get("LANG") || "";
      const lines = Object.entries(wanted)
        .map(([name, value]) => [name, value === "" ? language : value] as const)
        .flatMap(([name, value]) => (value === "" ? [] : [`${name}=${value}`]));
      await localed.call("SetLocale", [lines, false], { signal });
    },
    watch: (signal) => watchProperties(bus, localed, signal),
  });
}
