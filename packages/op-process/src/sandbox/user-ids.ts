import { randomInt } from "node:crypto";
import type { UserIds } from "./sandbox-profile.ts";

/** Numbers that no distribution, container engine or systemd gives to anybody. */
const firstUnused = 1_879_048_192;
const afterUnused = 2_147_352_576;

/** A user of its own for a child, or nothing when this process is not root and can't become somebody else. */
export function createUser(): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = randomInt(firstUnused, afterUnused);
  return { uid: id, gid: id };
}
