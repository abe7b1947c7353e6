import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "op-core";
import { followLinks, readText, replaceFile } from "../../clients/replace-file.ts";
import { userConfigDir } from "../../config/directories.ts";
import type { Environment } from "../../config/environment.ts";
import { configExtensions } from "../../config/parse-config-text.ts";
import { setJsoncMember } from "../../jsonc/edit-jsonc.ts";
import { UsageError } from "../cli-error.ts";

/** Sets a key of the user's configuration, and says in which file; everything else in it stays as it is. */
export function addToConfig(env: Environment, path: readonly string[], value: JsonObject): string {
  const directory = userConfigDir(env);
  const other = configExtensions
    .filter((extension) => extension !== "json")
    .map((extension) => join(directory, `config.${extension}`))
    .find((file) => existsSync(file));
  if (other !== undefined) {
    throw new UsageError(`${other} is no JSON, which is all that this command edits.`, {
      advice: "Put what --print shows into it.",
    });
  }
  const file = followLinks(join(directory, "config.json"));
  replaceFile(file, setJsoncMember(readText(file) ?? "{}\n", path, value));
  return file;
}
