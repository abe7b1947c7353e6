import { userInfo } from "node:os";
import { join } from "node:path";
import { createAnonymousMechanism } from "./anonymous.ts";
import type { AuthMechanism, AuthMechanismName } from "./auth-mechanism.ts";
import { createCookieMechanism } from "./cookie-sha1.ts";
import { createExternalMechanism } from "./external.ts";

/** How this process authenticates unless told otherwise, best first. */
export const defaultAuthMechanisms: readonly AuthMechanismName[] = [
  "EXTERNAL",
  "DBUS_COOKIE_SHA1",
  "ANONYMOUS",
];

/** Makes the mechanisms of these names, to be tried in order, for the user this process runs as. */
export function createMechanisms(names: readonly AuthMechanismName[]): readonly AuthMechanism[] {
  return names.flatMap(createOf);
}

function createOf(name: AuthMechanismName): readonly AuthMechanism[] {
  switch (name) {
    case "EXTERNAL":
      return [createExternalMechanism(process.geteuid?.()), createExternalMechanism(undefined)];
    case "DBUS_COOKIE_SHA1":
      return [createCookieMechanism({ user: String(process.geteuid?.()), keyringDirectory })];
    case "ANONYMOUS":
    default:
      return [createAnonymousMechanism()];
  }
}

function keyringDirectory(): string {
  return join(userInfo().homedir, ".dbus-keyrings");
}
