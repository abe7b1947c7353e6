import type { MethodCall, OutgoingSignal } from "../connection/bus-connection.ts";
import { toHeader } from "../connection/call-table.ts";
import { encodeMessage, type OutgoingMessage } from "../wire/encode-message.ts";
import { wireLimits } from "../wire/limits.ts";
import { messageTypes } from "../wire/message.ts";
import { WireWriter } from "../wire/wire-writer.ts";

/**
 * Checks messages by writing them as op-dbus would, and throws as that does: dbus-next sends many wrong values as
 * others, and names no argument.
 */
export class BodyCheck {
  readonly #writer = new WireWriter(wireLimits.messageBytes);

  /** Throws `ERR_DBUS_VALUE`, `ERR_DBUS_UNIX_FD` or `ERR_DBUS_TOO_LARGE`. */
  call(call: MethodCall): void {
    const { body = [], argumentNames } = call;
    this.#write({ header: toHeader(call, 0), serial: 1, body, argumentNames });
  }

  /** Throws as for a call. */
  signal({ body = [], ...names }: OutgoingSignal): void {
    this.#write({ header: { type: messageTypes.signal, flags: 0, ...names }, serial: 1, body });
  }

  #write(message: OutgoingMessage): void {
    encodeMessage(this.#writer, message, wireLimits.messageBytes);
    this.#writer.take();
    this.#writer.release();
  }
}
