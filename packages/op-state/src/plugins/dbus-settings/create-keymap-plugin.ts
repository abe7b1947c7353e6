import type { BusConnection } from "op-dbus";
import { createLocaled } from "op-dbus/systemd";
import { z } from "zod";
import type { StatePlugin } from "../../plugin/state-plugin.ts";
import { createSettingsPlugin } from "./create-settings-plugin.ts";
import { watchProperties } from "./watch-properties.ts";

const Word = z.string().regex(/^[A-Za-z0-9_.:@+()-]{0,64}$/);
const Words = z.string().regex(/^[A-Za-z0-9_.:@+(),-]{0,255}$/);

/** What can be declared of the machine's keyboard; an empty text takes a setting away. */
const KeymapDesired = z.strictObject({
  console: Word.optional().meta({ description: "The keymap of text consoles: de-latin1." }),
  consoleToggle: Word.optional().meta({
    description: "A second keymap that a key switches to on text consoles.",
  }),
  layout: Words.optional().meta({
    description: "Layouts of graphical sessions, by commas: us,de.",
  }),
  model: Word.optional().meta({ description: "The keyboard itself: pc105." }),
  variant: Words.optional().meta({ description: "A variant of each layout, by commas: intl." }),
  options: Words.optional().meta({
    description: "What keys do in graphical sessions, by commas: ctrl:nocaps.",
  }),
});

/** What localed gives for each setting. */
const properties = {
  console: "VConsoleKeymap",
  consoleToggle: "VConsoleKeymapToggle",
  layout: "X11Layout",
  model: "X11Model",
  variant: "X11Variant",
  options: "X11Options",
} as const;

/**
 * Makes the plugin of the machine's keyboard, which localed keeps. Consoles and graphical sessions have settings of their
 * own: neither follows the other.
 */
export function createKeymapPlugin(bus: BusConnection): StatePlugin {
  const localed = createLocaled(bus);
  const read = async (signal: AbortSignal) => {
    const entries = Object.entries(properties).map(
      async ([name, property]) => [name, await localed.get(property, { signal })] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  return createSettingsPlugin({
    name: "keymap",
    schema: KeymapDesired,
    read,
    write: async (settings, signal) => {
      // localed sets what belongs together at once, so what is not declared is told again.
      const known = KeymapDesired.required().parse({ ...(await read(signal)), ...settings });
      const isDeclared = (...names: readonly string[]) => names.some((name) => name in settings);
      if (isDeclared("console", "consoleToggle")) {
        const { console, consoleToggle } = known;
        await localed.call("SetVConsoleKeyboard", [console, consoleToggle, false, false], {
          signal,
        });
      }
      if (isDeclared("layout", "model", "variant", "options")) {
        const { layout, model, variant, options } = known;
        const words = [layout, model, variant, options, false, false] as const;
        await localed.call("SetX11Keyboard", words, { signal });
      }
    },
    watch: (signal) => watchProperties(bus, localed, signal),
  });
}
