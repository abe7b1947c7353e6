import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The `main` in the folder of a module, with the module's ending: as source, built or bundled. */
export function programBeside(moduleUrl: string): string {
  return fileURLToPath(new URL(`main${extname(moduleUrl)}`, moduleUrl));
}
