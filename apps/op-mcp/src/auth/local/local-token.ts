import { join } from "node:path";
import { isAbortOf, isOpError } from "op-core";
import { Secret } from "../../secrets/secret.ts";
import { LocalTokenError } from "../auth-error.ts";
import { createPrivateText, LiveText, replacePrivateText } from "../files/private-text.ts";
import {
  hasChecksum,
  ownTokenPrefix,
  randomSecret,
  withChecksum,
} from "../tokens/checksummed-token.ts";

/** What every local token begins with. */
export const localTokenPrefix = `${ownTokenPrefix}local_`;

/** The token by which programs of this user on this machine are let in. */
export interface LocalToken {
  /** Where it lies, for client configurations and for people. */
  readonly path: string;
  /** The token as it is now, also when another process has just made a new one. */
  read(options: { signal: AbortSignal }): Promise<Secret>;
  /** Makes a new one; the old one is worth nothing at once. */
  rotate(options: { signal: AbortSignal }): Promise<Secret>;
}

/** What opening the local token takes. */
export interface OpenLocalTokenOptions {
  /** The directory of what must outlive a restart. */
  readonly stateDir: string;
  readonly signal: AbortSignal;
}

/**
 * Reads the local token, or makes it at the first start. Two processes that start at the same moment get the same one.
 * Throws `ERR_AUTH_LOCAL_TOKEN`, and `ERR_SECRET_EXPOSED` when others can read it.
 */
export async function openLocalToken({
  stateDir,
  signal,
}: OpenLocalTokenOptions): Promise<LocalToken> {
  const path = join(stateDir, "local-token");
  const live = new LiveText(path, (text) => parseLocalToken(path, text));
  const token: LocalToken = {
    path,
    read: ({ signal: reading }) => guarded(path, reading, () => live.read(reading)),
    rotate: ({ signal: rotating }) =>
      guarded(path, rotating, async () => {
        const text = makeLocalToken();
        await replacePrivateText(path, `${text}\n`, rotating);
        return Secret.of(text);
      }),
  };
  await guarded(path, signal, () => createPrivateText(path, `${makeLocalToken()}\n`, signal));
  await token.read({ signal });
  return token;
}

function makeLocalToken(): string {
  return withChecksum(localTokenPrefix + randomSecret());
}

function parseLocalToken(path: string, text: string | undefined): Secret {
  if (text === undefined) throw new LocalTokenError(path, "it is gone");
  const token = text.trimEnd();
  if (!token.startsWith(localTokenPrefix) || !hasChecksum(token)) {
    throw new LocalTokenError(path, "it holds something else");
  }
  return Secret.of(token);
}

async function guarded<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isOpError(error) || isAbortOf(error, signal)) throw error;
    throw new LocalTokenError(path, error instanceof Error ? error.message : String(error), error);
  }
}
