import type { JsonObject, JsonValue } from "op-core";
import { didYouMean } from "../text/nearest.ts";
import { type ConfigProblem, withAdvice } from "./config-error.ts";
import { type ConfigLayer, withValueAt } from "./config-layer.ts";
import { configLeaves, leafAround } from "./config-leaf.ts";
import type { FlagSetting } from "./flag-setting.ts";
import { parseLeafValue } from "./parse-leaf-value.ts";

interface Found {
  readonly flag: string;
  readonly path: string;
  readonly value: JsonValue;
}

/** What the command line says; the last of equal paths counts. */
export function readFlags(settings: readonly FlagSetting[]): {
  readonly layer: ConfigLayer;
  readonly problems: readonly ConfigProblem[];
} {
  const found: Found[] = [];
  const problems: ConfigProblem[] = [];
  for (const setting of settings) {
    const read = readSetting(setting);
    if ("problem" in read) problems.push(read.problem);
    else found.push(read);
  }
  return { layer: toLayer(found), problems };
}

function readSetting({ flag, path, text }: FlagSetting): Found | { problem: ConfigProblem } {
  const leaf = leafAround(path);
  if (leaf === undefined) {
    const paths = configLeaves().map((candidate) => candidate.path);
    const problem = { where: flag, path, message: "is not a known key" };
    return { problem: withAdvice(problem, didYouMean(path, paths)) };
  }
  const parsed = parseLeafValue(leaf.path === path ? leaf.schema : {}, text);
  return parsed.isOk
    ? { flag, path, value: parsed.value }
    : { problem: { where: flag, path, message: parsed.message } };
}

function toLayer(found: readonly Found[]): ConfigLayer {
  return {
    values: found.reduce<JsonObject>(
      (values, { path, value }) => withValueAt(values, path.split("."), value),
      {},
    ),
    originOf: (keys) => {
      const path = keys.join(".");
      const said = found.findLast(
        (item) => `${path}.`.startsWith(`${item.path}.`) || item.path.startsWith(`${path}.`),
      );
      return { layer: "flag", where: said?.flag ?? "the command line" };
    },
  };
}
