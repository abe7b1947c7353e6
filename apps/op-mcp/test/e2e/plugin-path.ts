import { fileURLToPath } from "node:url";

/** The path of one of the plugins in plugins/. */
export const pluginPath = (name: string): string =>
  fileURLToPath(new URL(`plugins/${name}.mjs`, import.meta.url));

/** A plugin with 10,000 tools and one that echoes. */
export const tenThousandTools = fileURLToPath(
  new URL("../../../../tooling/bench/src/fixtures/ten-thousand-tools.mjs", import.meta.url),
);
