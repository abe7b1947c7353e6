import type { BusOperation, Caller } from "../../src/access/index.ts";

/** A call on the system bus, of which only what matters is said. */
export function operation(about: Partial<BusOperation>): BusOperation {
  return {
    bus: "system",
    service: "org.freedesktop.systemd1",
    interface: "org.freedesktop.systemd1.Manager",
    member: "StartUnit",
    kind: "call",
    path: "/org/freedesktop/systemd1",
    args: {},
    ...about,
  };
}

export const ada: Caller = { id: "unix:uid=1000", scopes: [], groups: [100] };
