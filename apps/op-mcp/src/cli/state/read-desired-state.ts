import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { formatError, isJsonObject, type JsonObject } from "op-core";
import { parseConfigText } from "../../config/parse-config-text.ts";
import { InputUnreadableError, StateFileError } from "../cli-error.ts";
import type { CliIo } from "../cli-io.ts";

/**
 * Reads what files declare, YAML or JSON, `-` for stdin, as one state: for each plugin its resources. Rejects with
 * `ERR_CLI_STATE_FILE`, also where two files declare the same resource.
 */
export async function readDesiredState(files: readonly string[], io: CliIo): Promise<JsonObject> {
  const state = new Map<string, JsonObject>();
  for (const file of files) {
    for (const [plugin, resources] of Object.entries(await readState(file, io))) {
      if (!isJsonObject(resources)) throw new StateFileError(file, `${plugin} has no resources.`);
      const known = state.get(plugin) ?? {};
      const twice = Object.keys(resources).find((key) => Object.hasOwn(known, key));
      if (twice !== undefined) {
        throw new StateFileError(file, `${plugin}:${twice} is declared by an earlier file, too.`);
      }
      state.set(plugin, { ...known, ...resources });
    }
  }
  return Object.fromEntries(state);
}

async function readState(file: string, io: CliIo): Promise<JsonObject> {
  const text = await readText(file, io);
  const { version, state, ...rest } = await parseDocument(file, text);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new StateFileError(file, `nobody knows its key ${unknown}.`);
  if (version !== 1) throw new StateFileError(file, "its version is not 1.");
  if (!isJsonObject(state)) throw new StateFileError(file, "it has no state.");
  return state;
}

async function readText(file: string, io: CliIo): Promise<string> {
  if (file === "-") return await readAll(io.stdin);
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new InputUnreadableError(`${file} cannot be read: ${formatError(error)}`, {
      cause: error,
    });
  }
}

/** JSON is YAML: only TOML has to be told by its name. */
async function parseDocument(file: string, text: string): Promise<JsonObject> {
  const name = /\.(?:json|toml)$/.test(file) ? file : "state.yaml";
  try {
    const { value } = await parseConfigText(name, text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw new StateFileError(file, formatError(error), error);
  }
  throw new StateFileError(file, "it is no object.");
}
