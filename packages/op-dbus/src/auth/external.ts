import type { AuthMechanism } from "./auth-mechanism.ts";

const nothing = Buffer.alloc(0);

/**
 * Lets the kernel tell the bus who this process is. With a user id the bus also checks that it is the one claimed;
 * without one it takes what the kernel says, which is what works from inside of a user namespace.
 */
export function createExternalMechanism(uid: number | undefined): AuthMechanism {
  return {
    name: "EXTERNAL",
    initialResponse: uid === undefined ? undefined : Buffer.from(String(uid)),
    respond: () => Promise.resolve(nothing),
  };
}
