import { lookup, Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import type { JsonObject, JsonValue } from "op-core";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { choiceField, textField } from "../operation/field.ts";
import { integer, listSchema, objectSchema, string } from "../operation/output-schema.ts";
import { cleanText } from "../text/clean-text.ts";
import { addressOf, hostOf } from "./network-fields.ts";

const name = textField("name", "The name, or an IP address to find the names of.");
const kind = choiceField(
  "type",
  "Which records. system asks as programs on this machine do, /etc/hosts included.",
  ["system", "A", "AAAA", "CNAME", "MX", "TXT", "NS", "SOA", "SRV", "CAA", "PTR"],
);
const server = textField("server", "The DNS server to ask, by its IP address.", {
  fallback: undefined,
});

/** Looks a name up. */
export const resolveName: AgentOperation<undefined> = {
  name: "resolve_name",
  description:
    "Looks a name up in DNS, as this machine's programs do or by record type, at its servers or at another; or finds the names of an address.",
  risk: "read",
  isIdempotent: true,
  fields: [name, kind, server],
  outputSchema: objectSchema({
    status: string,
    answers: listSchema({
      anyOf: [string, listSchema(string), { type: "object", additionalProperties: true }],
    }),
    servers: listSchema(string),
    milliseconds: integer,
  }),
  run: async (input, _setting, { signal }) => {
    const wanted = hostOf(name.read(input));
    const at = server.read(input);
    const resolver = new Resolver({ timeout: 3000, tries: 2 });
    if (at !== undefined) resolver.setServers([addressOf(at)]);
    const stop = () => resolver.cancel();
    signal.addEventListener("abort", stop, { once: true });
    const started = performance.now();
    try {
      const found = await ask(
        resolver,
        wanted,
        at === undefined ? kind.read(input) : ofServer(kind.read(input)),
      );
      signal.throwIfAborted();
      return {
        ...found,
        servers: at === undefined ? await readServers() : resolver.getServers(),
        milliseconds: Math.round(performance.now() - started),
      };
    } finally {
      signal.removeEventListener("abort", stop);
    }
  },
};

type Kind = ReturnType<typeof kind.read>;

/** What a server is asked that is not asked for a type. */
function ofServer(wanted: Kind): Kind {
  return wanted === "system" ? "A" : wanted;
}

/** That there is no such name, or no answer, is what was to be found out. */
async function ask(resolver: Resolver, wanted: string, type: Kind): Promise<JsonObject> {
  try {
    const answers =
      isIP(wanted) === 0 ? await askName(resolver, wanted, type) : await resolver.reverse(wanted);
    return { status: answers.length === 0 ? "no such record" : "found", answers: clean(answers) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { status: statuses[code] ?? code, answers: [] };
  }
}

const statuses: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such name",
  ENODATA: "no such record",
  ETIMEOUT: "no answer in time",
  ECONNREFUSED: "the server can't be reached",
  ESERVFAIL: "the server failed",
  EREFUSED: "the server refused",
  EAI_AGAIN: "no server answers",
  ECANCELLED: "cancelled",
};

async function askName(
  resolver: Resolver,
  wanted: string,
  type: Kind,
): Promise<readonly unknown[]> {
  if (type !== "system") {
    const found: unknown = await resolver.resolve(wanted, type);
    return Array.isArray(found) ? found : [found];
  }
  return (await lookup(wanted, { all: true })).map(({ address }) => address);
}

/** What servers answer is text of others. */
function clean(answers: readonly unknown[]): readonly JsonValue[] {
  const text = JSON.stringify(answers.slice(0, 100), (_key, value: unknown) =>
    typeof value === "string" ? cleanText(value, 1024) : value,
  );
  const value: readonly JsonValue[] = JSON.parse(text);
  return value;
}

/** The servers this machine asks. */
export async function readServers(): Promise<readonly string[]> {
  const text = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gmu)].map(([, each = ""]) => cleanText(each));
}
