import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuthMechanism } from "./auth-mechanism.ts";

/** Whose cookies are used. */
export interface CookieMechanismOptions {
  /** The user as the bus knows it: a name or a number. */
  readonly user: string;
  /** Says where the cookies lie: `.dbus-keyrings` in the user's home. */
  readonly keyringDirectory: () => string;
}

/** Shows that this process can read a secret in the user's home. */
export function createCookieMechanism(options: CookieMechanismOptions): AuthMechanism {
  const { user, keyringDirectory } = options;
  return {
    name: "DBUS_COOKIE_SHA1",
    initialResponse: Buffer.from(user),
    respond: async (challenge) => {
      const [context, id, serverChallenge] = challenge.toString("latin1").split(" ");
      if (context === undefined || id === undefined || serverChallenge === undefined) {
        throw new Error("its challenge has not three parts");
      }
      const cookie = await readCookie(keyringDirectory(), context, id);
      const clientChallenge = randomBytes(16).toString("hex");
      const proof = createHash("sha1")
        .update(`${serverChallenge}:${clientChallenge}:${cookie}`)
        .digest("hex");
      return Buffer.from(`${clientChallenge} ${proof}`);
    },
  };
}

async function readCookie(directory: string, context: string, id: string): Promise<string> {
  // The context becomes a file's name, so it must not lead anywhere else.
  if (!/^[A-Za-z0-9_-]+$/.test(context)) throw new Error("its cookie context is no plain name");
  const keyring = await readFile(join(directory, context), "latin1");
  for (const line of keyring.split("\n")) {
    const [cookieId, , cookie] = line.split(" ");
    if (cookieId === id && cookie !== undefined) return cookie;
  }
  throw new Error(`the keyring ${context} has no cookie ${id}`);
}
