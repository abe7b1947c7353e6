import { formatError } from "op-core";
import { AuthenticationError } from "../dbus-error.ts";
import type { ByteChannel } from "../link/byte-channel.ts";
import type { AuthMechanism } from "./auth-mechanism.ts";
import { createAuthLines, type AuthLines } from "./auth-lines.ts";

/** How this process authenticates. */
export interface AuthenticateOptions {
  /** Tried in order. */
  readonly mechanisms: readonly AuthMechanism[];
  readonly signal: AbortSignal;
}

/** A mechanism may ask a few times, but not forever. */
const maxReplies = 16;

/**
 * Authenticates on a channel that was just opened and returns the identity of the bus, which speaks messages from then
 * on. Rejects with `ERR_DBUS_AUTH` when no mechanism was accepted.
 */
export async function authenticate(
  channel: ByteChannel,
  { mechanisms, signal }: AuthenticateOptions,
): Promise<string> {
  const lines = createAuthLines(channel, signal);
  channel.write(Buffer.from([0]));
  const problems: string[] = [];
  for (const mechanism of mechanisms) {
    const outcome = await tryMechanism(lines, mechanism);
    if ("guid" in outcome) {
      lines.send("BEGIN");
      return outcome.guid;
    }
    problems.push(`${mechanism.name}: ${outcome.problem}`);
  }
  const tried = mechanisms.map(({ name }) => name);
  throw new AuthenticationError(problems.join(", "), tried);
}

type Outcome = { readonly guid: string } | { readonly problem: string };

async function tryMechanism(lines: AuthLines, mechanism: AuthMechanism): Promise<Outcome> {
  const { name, initialResponse } = mechanism;
  lines.send(
    initialResponse === undefined ? `AUTH ${name}` : `AUTH ${name} ${hex(initialResponse)}`,
  );
  let problem = "it was rejected";
  for (let replies = 0; replies < maxReplies; replies += 1) {
    const { command, rest } = await lines.next();
    if (command === "OK") return { guid: rest };
    if (command === "REJECTED") return { problem };
    if (command !== "DATA") {
      lines.send("CANCEL");
      problem = `the bus said ${JSON.stringify(command)}`;
      continue;
    }
    try {
      const response = await mechanism.respond(Buffer.from(rest, "hex"));
      lines.send(response.length === 0 ? "DATA" : `DATA ${hex(response)}`);
    } catch (error) {
      problem = formatError(error);
      lines.send("CANCEL");
    }
  }
  throw new AuthenticationError(`${name} did not come to an end`, [name]);
}

function hex(bytes: Buffer): string {
  return bytes.toString("hex");
}
