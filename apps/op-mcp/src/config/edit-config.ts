import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { followLinks, readText, replaceFile } from "../clients/replace-file.ts";
import { removeJsoncMember, setJsoncMember } from "../jsonc/edit-jsonc.ts";
import { ConfigEditError } from "./config-error.ts";
import { withValueAt } from "./config-layer.ts";
import { parseConfigText } from "./parse-config-text.ts";

/** One value that is set or, where there is none, taken out. */
export interface ConfigEdit {
  readonly path: readonly string[];
  readonly value: JsonObject | undefined;
}

/** How often an edit is tried again when somebody else writes the file meanwhile. */
const attempts = 3;

/**
 * Edits a configuration file of any format, which is made where it is missing. Comments and everything else stay: the
 * edited text is read again, and has to say what was said before but for this. Otherwise nothing is written, and
 * `ERR_CONFIG_EDIT` says so.
 */
export async function editConfig(file: string, edits: readonly ConfigEdit[]): Promise<void> {
  const target = followLinks(file);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = readText(target);
    let text = before ?? "";
    for (const edit of edits) text = await editText(target, text, edit);
    if (text === before) return;
    if (readText(target) !== before) continue;
    replaceFile(target, text);
    return;
  }
  throw new ConfigEditError(target, "somebody else keeps writing it");
}

async function editText(file: string, text: string, edit: ConfigEdit): Promise<string> {
  const before = await valuesIn(file, text);
  let edited: string;
  try {
    edited = await editByFormat(file, text, edit);
  } catch (error) {
    throw new ConfigEditError(file, error instanceof Error ? error.message : String(error), error);
  }
  const { path, value } = edit;
  const without = withoutValueAt(before, path);
  const wanted = value === undefined ? without : withValueAt(without, path, value);
  if (isDeepStrictEqual(pruned(await valuesIn(file, edited)), pruned(wanted))) return edited;
  throw new ConfigEditError(
    file,
    `${path.join(".")} is written there in a way that is not understood`,
  );
}

async function editByFormat(file: string, text: string, edit: ConfigEdit): Promise<string> {
  const { path, value } = edit;
  if (/\.ya?ml$/.test(file)) return (await import("./edit-yaml.ts")).editYaml(text, path, value);
  if (file.endsWith(".toml")) {
    const { addTomlTable, removeTomlTable } = await import("../toml/edit-toml.ts");
    const rest = removeTomlTable(text, path);
    return value === undefined ? rest : addTomlTable(rest, path, value);
  }
  return value === undefined ? removeJsoncMember(text, path) : setJsoncMember(text, path, value);
}

async function valuesIn(file: string, text: string): Promise<JsonObject> {
  const { value } = await parseConfigText(file, text);
  return isJsonObject(value) ? value : {};
}

function withoutValueAt(root: JsonObject, [key = "", ...rest]: readonly string[]): JsonObject {
  const inner = root[key];
  const others = Object.fromEntries(Object.entries(root).filter(([name]) => name !== key));
  if (rest.length === 0 || inner === undefined || !isJsonObject(inner)) return others;
  return { ...others, [key]: withoutValueAt(inner, rest) };
}

/** Without empty objects, which say as much as none. */
function pruned(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, pruned(member)] as const);
  return Object.fromEntries(
    entries
      .filter(([, member]) => !isJsonObject(member) || Object.keys(member).length > 0)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}
