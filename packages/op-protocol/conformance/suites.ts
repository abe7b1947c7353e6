import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** One run of the official suite. */
export interface Suite {
  readonly name: string;
  /** The script that runs it. */
  readonly script: string;
  readonly args: readonly string[];
  /** The scenarios without which it does not count. */
  readonly required: readonly string[];
}

function folderOf(packageName: string): string {
  return dirname(require.resolve(`${packageName}/package.json`));
}

/** The names listed under `server:` in a file of requirements. */
function parseRequired(text: string): readonly string[] {
  const [, rest = ""] = text.split(/^server:$/mu);
  const [section = ""] = rest.split(/^\S+:$/mu);
  return [...section.matchAll(/^ {2}- (?<name>\S+)$/gmu)].flatMap(
    ({ groups }) => groups?.["name"] ?? [],
  );
}

async function openRequirements(revision: string): Promise<Suite> {
  const folder = folderOf("@modelcontextprotocol/conformance");
  const text = await readFile(join(folder, "requirements", `${revision}.yaml`), "utf8");
  return {
    name: `requirements of ${revision}`,
    script: join(folder, "dist/index.js"),
    args: ["--requirements", revision],
    required: parseRequired(text),
  };
}

/** What the released suite runs; it has no list of its own that could be read. */
const released = [
  "server-initialize",
  "logging-set-level",
  "ping",
  "completion-complete",
  "tools-list",
  "tools-call-simple-text",
  "tools-call-image",
  "tools-call-audio",
  "tools-call-embedded-resource",
  "tools-call-mixed-content",
  "tools-call-with-logging",
  "tools-call-error",
  "tools-call-with-progress",
  "tools-call-sampling",
  "tools-call-elicitation",
  "json-schema-2020-12",
  "elicitation-sep1034-defaults",
  "server-sse-polling",
  "server-sse-multiple-streams",
  "elicitation-sep1330-enums",
  "resources-list",
  "resources-read-text",
  "resources-read-binary",
  "resources-templates-read",
  "resources-subscribe",
  "resources-unsubscribe",
  "prompts-list",
  "prompts-get-simple",
  "prompts-get-with-args",
  "prompts-get-embedded-resource",
  "prompts-get-with-image",
  "dns-rebinding-protection",
];

/** Every run that must pass: both eras by the suite that knows them, and the released one. */
export async function listSuites(): Promise<readonly Suite[]> {
  const script = join(folderOf("conformance-latest"), "dist/index.js");
  return [
    await openRequirements("2025-11-25"),
    await openRequirements("2026-07-28"),
    { name: "released suite", script, args: ["--suite", "all"], required: released },
  ];
}
