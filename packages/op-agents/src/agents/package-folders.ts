import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";

/**
 * The folders in which packages lie that a module imports, so that a sandbox can show them; nothing for those that are not
 * installed, or bundled into it. A package in a `node_modules` is shown with its neighbours, which it imports.
 */
export function packageFolders(names: readonly string[], moduleUrl: string): readonly string[] {
  const { resolve } = createRequire(moduleUrl);
  const folders = names.flatMap((name) => {
    try {
      const folder = dirname(realpathSync(resolve(`${name}/package.json`)));
      return [basename(dirname(folder)) === "node_modules" ? dirname(folder) : folder];
    } catch {
      return [];
    }
  });
  return [...new Set(folders)];
}
