import { CallFailedError, UnexpectedTypeError } from "../dbus-error.ts";
import type { DBusValue } from "../wire/value.ts";
import type { MethodReply } from "./bus-connection.ts";
import { busInterface, busName, busPath } from "./bus-driver-names.ts";
import type { BusSession } from "./session.ts";
import type { SignalBus } from "./signal-router.ts";

/** Calls a method of the bus itself. */
export type CallBus = (
  member: string,
  signature: string,
  body: readonly DBusValue[],
) => Promise<MethodReply>;

const nameHasNoOwner = "org.freedesktop.DBus.Error.NameHasNoOwner";

/** Calls methods of the bus over one session. */
export function callBusOver(session: BusSession, timeoutMs: number): CallBus {
  return (member, signature, body) => {
    const target = { destination: busName, path: busPath, interface: busInterface, member };
    const call = { ...target, signature, body };
    return session.calls.call({ call, flags: 0, timeoutMs, signal: undefined });
  };
}

/** What routing signals needs of the bus. */
export function createSignalBus(callBus: CallBus): SignalBus {
  return {
    add: async (rule) => {
      await callBus("AddMatch", "s", [rule]);
    },
    remove: async (rule) => {
      await callBus("RemoveMatch", "s", [rule]);
    },
    ask: async (name) => {
      try {
        return toText(await callBus("GetNameOwner", "s", [name]));
      } catch (error) {
        if (error instanceof CallFailedError && error.errorName === nameHasNoOwner) return "";
        throw error;
      }
    },
  };
}

/** The one number of an answer. */
export function toNumber({ body: [value], signature }: MethodReply): number {
  if (typeof value === "number") return value;
  throw new UnexpectedTypeError("The bus's answer", "u", signature);
}

function toText({ body: [value], signature }: MethodReply): string {
  if (typeof value === "string") return value;
  throw new UnexpectedTypeError("The bus's answer", "s", signature);
}
