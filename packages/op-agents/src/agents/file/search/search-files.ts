import { basename } from "node:path";
import type { JsonObject } from "op-core";
import type { AgentOperation } from "../../operation/agent-operation.ts";
import { flagField, integerField, malformed, textField } from "../../operation/field.ts";
import {
  boolean,
  integer,
  listSchema,
  objectSchema,
  string,
} from "../../operation/output-schema.ts";
import type { FileSetting } from "../file-setting.ts";
import { openTree, openTreeFile, type Tree, type TreeEntry } from "../open-tree.ts";
import { pathField } from "../path-field.ts";
import { globMatcher } from "./glob-pattern.ts";
import { createLineMatcher, type LineMatcher } from "./line-matcher.ts";
import { searchByRipgrep } from "./search-by-ripgrep.ts";
import { searchLines } from "./search-lines.ts";
import { findFiles } from "./search-tree.ts";

const text = textField("text", "What lines have; without it files are found by name.", {
  fallback: undefined,
  longest: 1000,
});
const glob = textField(
  "glob",
  "What files are called, such as *.log, or with a slash where they are, such as src/**/*.ts.",
  { fallback: undefined, longest: 1000 },
);
const isPattern = flagField("isPattern", "Whether text is a regular expression.");
const ignoreCase = flagField("ignoreCase", "Whether capital letters are like small ones.");
const hidden = flagField("hidden", "Whether names that begin with a dot are searched.");
const ignored = flagField("ignored", "Whether what a .gitignore names is searched.");
const limit = integerField("limit", "How many matches at most.", {
  least: 1,
  most: 10_000,
  fallback: 200,
});

/** Searches a folder for files, or for lines in them. */
export const searchFiles: AgentOperation<FileSetting> = {
  name: "search_files",
  description:
    "Finds files by name, or lines of text in them, in a folder and all below it. What a .gitignore names is left out.",
  risk: "read",
  isIdempotent: true,
  fields: [pathField, text, glob, isPattern, ignoreCase, hidden, ignored, limit],
  outputSchema: objectSchema({
    path: string,
    matches: listSchema(
      objectSchema({ path: string, line: integer, text: string }, ["line", "text"]),
    ),
    isComplete: boolean,
    by: { type: "string", enum: ["ripgrep", "agent"] },
  }),
  run: async (input, setting, { signal }) => {
    const most = Math.min(limit.read(input), setting.maxEntries);
    await using tree = await openTree(pathField.read(input), setting);
    const search = { input, tree, setting, signal };
    const isByRipgrep = setting.hasRipgrep && text.read(input) !== undefined;
    const found: JsonObject[] = [];
    let isComplete = true;
    for await (const match of isByRipgrep ? searchFast(search) : searchHere(search)) {
      isComplete = found.length < most;
      if (!isComplete) break;
      found.push(match);
    }
    return { path: tree.path, matches: found, isComplete, by: isByRipgrep ? "ripgrep" : "agent" };
  },
};

interface Search {
  readonly input: JsonObject;
  readonly tree: Tree;
  readonly setting: FileSetting;
  readonly signal: AbortSignal;
}

async function* searchFast({ input, tree, signal }: Search): AsyncGenerator<JsonObject> {
  const isWanted = readGlob(glob.read(input));
  const query = {
    text: text.read(input) ?? "",
    isPattern: isPattern.read(input),
    isCaseIgnored: ignoreCase.read(input),
    hasHidden: hidden.read(input),
    hasIgnored: ignored.read(input),
    glob: glob.read(input),
    at: tree.at,
    signal,
  };
  for await (const { path, line, text: shown } of searchByRipgrep(query)) {
    if (isWanted(path, basename(path))) yield { path, line, text: shown };
  }
}

async function* searchHere({ input, tree, setting, signal }: Search): AsyncGenerator<JsonObject> {
  const matches = createMatcher(text.read(input), input);
  const filter = {
    hasHidden: hidden.read(input),
    hasIgnored: ignored.read(input),
    isWanted: readGlob(glob.read(input)),
    signal,
  };
  for await (const entry of findFiles(tree, filter, setting)) {
    yield* matchFile(entry, matches, signal);
  }
}

function createMatcher(wanted: string | undefined, input: JsonObject): LineMatcher | undefined {
  if (wanted === undefined) return undefined;
  return createLineMatcher({
    text: wanted,
    isPattern: isPattern.read(input),
    isCaseIgnored: ignoreCase.read(input),
  });
}

function readGlob(wanted: string | undefined): (path: string, name: string) => boolean {
  if (wanted === undefined) return () => true;
  const matcher = globMatcher(wanted);
  if (matcher === undefined) throw malformed("glob is none");
  return matcher;
}

async function* matchFile(
  { path, at }: TreeEntry,
  matches: LineMatcher | undefined,
  signal: AbortSignal,
): AsyncGenerator<JsonObject> {
  if (matches === undefined) {
    yield { path };
    return;
  }
  const handle = await openTreeFile(at);
  if (handle === undefined) return;
  try {
    for await (const { line, text: shown } of searchLines(handle, matches, signal)) {
      yield { path, line, text: shown };
    }
  } finally {
    await handle.close();
  }
}
