/** One way to show the bus who this process is. */
export interface AuthMechanism {
  /** Its name in the protocol. */
  readonly name: string;
  /** What is sent along with the name. */
  readonly initialResponse: Buffer | undefined;
  /** Answers the bus's challenge; rejects when it cannot be answered. */
  respond(challenge: Buffer): Promise<Buffer>;
}

/** The names of the mechanisms this package knows. */
export type AuthMechanismName = "EXTERNAL" | "DBUS_COOKIE_SHA1" | "ANONYMOUS";
