import type { Environment } from "../../config/environment.ts";

/** A socket that systemd made and handed over. */
export interface InheritedSocket {
  readonly fd: number;
  /** Its `FileDescriptorName=`; the socket unit's name unless told. */
  readonly name: string;
}

/** The first descriptor systemd hands over. */
const firstFd = 3;

/** The sockets systemd handed to this very process; none where the variables were meant for another one. */
export function findInheritedSockets(env: Environment, pid: number): readonly InheritedSocket[] {
  const count = Number(env["LISTEN_FDS"] ?? "");
  if (Number(env["LISTEN_PID"] ?? "") !== pid || !Number.isInteger(count) || count <= 0) return [];
  const names = (env["LISTEN_FDNAMES"] ?? "").split(":");
  return Array.from({ length: count }, (_, index) => ({
    fd: firstFd + index,
    name: names[index] || "unknown",
  }));
}
