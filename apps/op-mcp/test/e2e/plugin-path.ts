import { fileURLToPath } from "node:url";

const plugins = {
  conformance: new URL("plugins/conformance.mjs", import.meta.url),
  "exports-nothing": new URL("plugins/exports-nothing.mjs", import.meta.url),
  holds: new URL("plugins/holds.mjs", import.meta.url),
  "never-imports": new URL("plugins/never-imports.mjs", import.meta.url),
  "never-lists": new URL("plugins/never-lists.mjs", import.meta.url),
  noisy: new URL("plugins/noisy.mjs", import.meta.url),
  "notes-plugin": new URL("plugins/notes-plugin.mjs", import.meta.url),
  risky: new URL("plugins/risky.mjs", import.meta.url),
  throws: new URL("plugins/throws.mjs", import.meta.url),
  "throws-when-called": new URL("plugins/throws-when-called.mjs", import.meta.url),
};

/** The path of one of the plugins in plugins/. */
export const pluginPath = (name: keyof typeof plugins): string => fileURLToPath(plugins[name]);

/** A plugin with 10,000 tools and one that echoes. */
export const tenThousandTools = fileURLToPath(
  new URL("../../../../tooling/bench/src/fixtures/ten-thousand-tools.mjs", import.meta.url),
);
