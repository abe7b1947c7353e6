import type { AuthMechanism } from "./auth-mechanism.ts";

/** Shows nobody; a bus takes it only when it was configured to. */
export function createAnonymousMechanism(): AuthMechanism {
  return {
    name: "ANONYMOUS",
    initialResponse: Buffer.from("op-dbus"),
    respond: () => Promise.resolve(Buffer.alloc(0)),
  };
}
