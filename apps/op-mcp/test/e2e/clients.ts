import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { binary, type Installation } from "./installation.ts";

/** Both protocol eras, as the v2 client names them. */
export const eras = [
  ["the handshake era", "legacy"],
  ["the stateless era", { pin: "2026-07-28" }],
] as const;

type Era = (typeof eras)[number][1];

/** What a client needs to spawn the binary in an installation. */
export function parametersOf(installation: Installation): {
  command: string;
  args: string[];
  env: Record<string, string>;
} {
  const env = Object.entries(installation.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { command: process.execPath, args: [binary], env: Object.fromEntries(env) };
}

/** What the person behind the client says when asked; without it the client cannot ask. */
export type Person = (message: string) => "accept" | "decline";

export interface ConnectOptions {
  readonly era: Era;
  readonly person?: Person;
  /** Folders the client works in; without them it has none to tell. */
  readonly roots?: readonly { readonly uri: string; readonly name?: string }[];
  /** What comes before the command, such as what leads to another machine. */
  readonly inside?: readonly [string, ...string[]];
}

/** The official v2 client, connected; closing it ends the server. */
export async function connect(
  installation: Installation,
  { era, person, roots, inside }: ConnectOptions,
): Promise<{ client: Client; pid: number } & AsyncDisposable> {
  const client = new Client(
    { name: "e2e", version: "1" },
    {
      capabilities: {
        ...(person === undefined ? {} : { elicitation: {} }),
        ...(roots === undefined ? {} : { roots: {} }),
      },
      versionNegotiation: { mode: era },
    },
  );
  if (person !== undefined) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      const action = person(params.message);
      return action === "accept" ? { action, content: {} } : { action };
    });
  }
  if (roots !== undefined) client.setRequestHandler("roots/list", () => ({ roots: [...roots] }));
  const { command, args, env } = parametersOf(installation);
  const [first, ...rest] = [...(inside ?? []), command, ...args];
  const parameters = { command: first ?? command, args: rest, env, stderr: "ignore" as const };
  const transport = new StdioClientTransport(parameters);
  await client.connect(transport);
  return { client, pid: transport.pid ?? 0, [Symbol.asyncDispose]: () => client.close() };
}

/** Everything a result says, in one text to look into. */
export const textOf = (result: unknown): string => JSON.stringify(result);
