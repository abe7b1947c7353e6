import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Which side of a connection a suite speaks with. */
export type Leg = "server" | "client";

/** One run of the official suite. */
export interface Suite {
  readonly name: string;
  readonly leg: Leg;
  /** The script that runs it. */
  readonly script: string;
  readonly args: readonly string[];
  /** The scenarios without which it does not count. */
  readonly required: readonly string[];
}

function folderOf(packageName: string): string {
  return dirname(require.resolve(`${packageName}/package.json`));
}

const current = folderOf("@modelcontextprotocol/conformance");
const currentScript = join(current, "dist/index.js");
const releasedScript = join(folderOf("conformance-latest"), "dist/index.js");

/** The names listed for a leg in a file of requirements. */
function parseRequired(text: string, leg: Leg): readonly string[] {
  const [, rest = ""] = text.split(new RegExp(`^${leg}:$`, "mu"));
  const [section = ""] = rest.split(/^\S+:$/mu);
  return [...section.matchAll(/^ {2}- (?<name>\S+)$/gmu)].flatMap(
    ({ groups }) => groups?.["name"] ?? [],
  );
}

async function openRequirements(leg: Leg, revision: string): Promise<Suite> {
  const text = await readFile(join(current, "requirements", `${revision}.yaml`), "utf8");
  return {
    name: `requirements of ${revision}`,
    leg,
    script: currentScript,
    args: ["--requirements", revision],
    required: parseRequired(text, leg),
  };
}

/** What the released suite asks of a server; it has no list of its own that could be read. */
const releasedForServers = [
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

/** What the suite asks of clients of revisions that have no file of requirements. */
const olderForClients = {
  "2025-03-26": [
    "auth/2025-03-26-oauth-metadata-backcompat",
    "auth/2025-03-26-oauth-endpoint-fallback",
  ],
  "2025-06-18": [
    "initialize",
    "tools_call",
    "auth/token-endpoint-auth-basic",
    "auth/token-endpoint-auth-post",
    "auth/token-endpoint-auth-none",
  ],
} as const;

/** What the released suite asks of a client besides the requirements of 2025-11-25. */
const releasedForClients = [
  "auth/2025-03-26-oauth-endpoint-fallback",
  "auth/resource-mismatch",
  "auth/offline-access-scope",
  "auth/offline-access-not-supported",
  "auth/client-credentials-jwt",
  "auth/client-credentials-basic",
];

function releasedSuite(leg: Leg, required: readonly string[]): Suite {
  return {
    name: "released suite",
    leg,
    script: releasedScript,
    args: ["--suite", "all"],
    required,
  };
}

async function listServerSuites(): Promise<readonly Suite[]> {
  return [
    await openRequirements("server", "2025-11-25"),
    await openRequirements("server", "2026-07-28"),
    releasedSuite("server", releasedForServers),
  ];
}

async function listClientSuites(): Promise<readonly Suite[]> {
  const dated = await openRequirements("client", "2025-11-25");
  const older = Object.entries(olderForClients).map(([revision, required]): Suite => {
    const args = ["--suite", "all", "--spec-version", revision];
    return {
      name: `scenarios of ${revision}`,
      leg: "client",
      script: currentScript,
      args,
      required,
    };
  });
  return [
    dated,
    await openRequirements("client", "2026-07-28"),
    ...older,
    releasedSuite("client", [...dated.required, ...releasedForClients]),
  ];
}

/** Every run that must pass: all revisions by the suite that knows them, and the released one. */
export function listSuites(leg: Leg): Promise<readonly Suite[]> {
  return leg === "server" ? listServerSuites() : listClientSuites();
}
