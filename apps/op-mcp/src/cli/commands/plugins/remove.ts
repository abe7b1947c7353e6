import { editConfig } from "../../../config/edit-config.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { fileOfSetting } from "../../file-of-setting.ts";
import { unknownPlugin } from "../../plugins/unknown-plugin.ts";

/** `op-mcp plugins remove NAME`: takes a plugin of somebody else out of the file that names it. */
export const runPluginsRemove: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const [name = ""] = positionals;
  const loaded = await context.loadConfig();
  const { external } = loaded.config.state;
  if (!Object.hasOwn(external, name)) throw unknownPlugin(name, Object.keys(external));
  const path = ["state", "external", name];
  const file = fileOfSetting(loaded, path);
  await editConfig(file, [{ path, value: undefined }]);
  if (flags.has("json")) screen.json({ name, file });
  else screen.line(`${screen.text(name)} is not in ${screen.text(file)} any more.`);
  return exitCodes.ok;
};
