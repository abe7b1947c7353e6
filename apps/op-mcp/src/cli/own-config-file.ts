import { join } from "node:path";
import { userConfigDir } from "../config/directories.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { CommandContext } from "./command.ts";

/** The file that new settings are written to: the one that was named, or else the user's own. */
export function ownConfigFile(context: CommandContext, { files }: LoadedConfig): string {
  const own = files.findLast(({ layer }) => layer === "file" || layer === "user");
  return (
    own?.file ?? context.flags.text("config") ?? join(userConfigDir(context.io.env), "config.json")
  );
}
