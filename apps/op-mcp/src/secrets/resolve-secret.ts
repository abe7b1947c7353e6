import { join } from "node:path";
import { isAbortOf, isOpError, systemClock, type Clock } from "op-core";
import { readPrivateFile } from "./private-file.ts";
import { parseSecretReference, type SecretReference } from "./secret-reference.ts";
import { Secret } from "./secret.ts";
import { SecretUnavailableError } from "./secrets-error.ts";

/** What resolving a secret takes. */
export interface ResolveSecretOptions {
  readonly signal: AbortSignal;
  /** Where `env:` looks, where systemd says its directory of credentials, and what a command gets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

/**
 * Fetches the secret a reference names. One line end at its end does not belong to it. Throws `ERR_SECRET_REFERENCE`,
 * `ERR_SECRET_UNAVAILABLE` or `ERR_SECRET_EXPOSED`.
 */
export async function resolveSecret(ref: string, options: ResolveSecretOptions): Promise<Secret> {
  const reference = parseSecretReference(ref);
  const name = nameOf(reference);
  const bytes = await fetchBytes(reference, options).catch((error: unknown) => {
    if (isOpError(error) || isAbortOf(error, options.signal)) throw error;
    throw new SecretUnavailableError(name, reasonOf(error), { cause: error });
  });
  const secret = withoutLineEnd(bytes);
  if (secret.length === 0) throw new SecretUnavailableError(name, "it is empty");
  const kept = Secret.of(secret);
  bytes.fill(0);
  return kept;
}

async function fetchBytes(
  reference: SecretReference,
  { env, signal, clock = systemClock }: ResolveSecretOptions,
): Promise<Buffer> {
  if (reference.kind === "file") return await readPrivateFile(reference.path, { signal });
  if (reference.kind === "env") return Buffer.from(env[reference.name] ?? "");
  if (reference.kind === "command") {
    // Its code is not needed before the first command.
    const { runSecretCommand } = await import("./run-secret-command.ts");
    return await runSecretCommand(reference.words, { env, clock, signal });
  }
  const directory = env["CREDENTIALS_DIRECTORY"] ?? "";
  if (!directory.startsWith("/")) {
    throw new SecretUnavailableError(nameOf(reference), "systemd gave no credentials", {
      advice: `Add LoadCredential=${reference.name}:/path to the unit.`,
    });
  }
  // systemd keeps others out of the directory, and grants its user access by a list that looks like a group's.
  const path = join(directory, reference.name);
  return await readPrivateFile(path, { signal, isProtectedElsewhere: true });
}

/** What names a secret without telling it; the arguments of a command may. */
function nameOf(reference: SecretReference): string {
  if (reference.kind === "file") return `file:${reference.path}`;
  if (reference.kind === "command") return `command:${reference.words[0]}`;
  return `${reference.kind}:${reference.name}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "it does not exist" : error.message;
}

function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
