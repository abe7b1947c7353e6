import { parseBusName } from "../names/bus-name.ts";
import { parseInterfaceName } from "../names/interface-name.ts";
import { parseMemberName } from "../names/member-name.ts";
import { parseObjectPath } from "../names/object-path.ts";
import { messageFlags } from "../wire/message.ts";
import type { CallOptions, MethodCall, OutgoingSignal } from "./bus-connection.ts";

/** How many names are known to be valid before they are forgotten; they may come from peers. */
const knownNames = 4096;

/** Checks what was not checked before: the same few names are called over and over. */
function once(check: (name: string) => unknown): (name: string) => void {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return;
    check(name);
    if (known.size >= knownNames) known.clear();
    known.add(name);
  };
}

const checkBusName = once(parseBusName);
const checkObjectPath = once(parseObjectPath);
const checkInterfaceName = once(parseInterfaceName);
const checkMemberName = once(parseMemberName);

/** Checks the names in a call; throws `ERR_DBUS_NAME`. A bus closes the connection of whoever sends a wrong one. */
export function checkCall(call: MethodCall): void {
  checkBusName(call.destination);
  checkMember(call);
}

/** Checks the names in a signal; throws `ERR_DBUS_NAME`. */
export function checkSignal(signal: OutgoingSignal): void {
  if (signal.destination !== undefined) checkBusName(signal.destination);
  checkMember(signal);
}

/** Puts the options of a call into the flags of its message. */
export function toFlags(options: CallOptions): number {
  return (
    (options.noReply === true ? messageFlags.noReplyExpected : 0) |
    (options.noAutoStart === true ? messageFlags.noAutoStart : 0) |
    (options.interactiveAuthorization === true ? messageFlags.allowInteractiveAuthorization : 0)
  );
}

function checkMember(message: OutgoingSignal): void {
  checkObjectPath(message.path);
  checkInterfaceName(message.interface);
  checkMemberName(message.member);
}
