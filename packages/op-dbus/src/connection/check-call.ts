import { parseBusName } from "../names/bus-name.ts";
import { parseInterfaceName } from "../names/interface-name.ts";
import { parseMemberName } from "../names/member-name.ts";
import { parseObjectPath } from "../names/object-path.ts";
import { messageFlags } from "../wire/message.ts";
import type { CallOptions, MethodCall, OutgoingSignal } from "./bus-connection.ts";

/** Checks the names in a call; throws `ERR_DBUS_NAME`. A bus closes the connection of whoever sends a wrong one. */
export function checkCall(call: MethodCall): void {
  parseBusName(call.destination);
  checkMember(call);
}

/** Checks the names in a signal; throws `ERR_DBUS_NAME`. */
export function checkSignal(signal: OutgoingSignal): void {
  if (signal.destination !== undefined) parseBusName(signal.destination);
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
  parseObjectPath(message.path);
  parseInterfaceName(message.interface);
  parseMemberName(message.member);
}
