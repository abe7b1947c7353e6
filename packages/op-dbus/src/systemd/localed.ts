import { defineInterface } from "../proxy/interface-shape.ts";

/** The machine's language and keyboard. */
export const localed = defineInterface({
  name: "org.freedesktop.locale1",
  methods: {
    SetLocale: { in: "asb", out: "", inNames: ["locale", "interactive"] },
    SetVConsoleKeyboard: {
      in: "ssbb",
      out: "",
      inNames: ["keymap", "keymap_toggle", "convert", "interactive"],
    },
    SetX11Keyboard: {
      in: "ssssbb",
      out: "",
      inNames: ["layout", "model", "variant", "options", "convert", "interactive"],
    },
  },
  properties: {
    Locale: { type: "as" },
    X11Layout: { type: "s" },
    X11Model: { type: "s" },
    X11Variant: { type: "s" },
    X11Options: { type: "s" },
    VConsoleKeymap: { type: "s" },
    VConsoleKeymapToggle: { type: "s" },
  },
  signals: {},
});
