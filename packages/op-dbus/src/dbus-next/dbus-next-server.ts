import { Message, type MessageBus } from "dbus-next";
import type { Logger } from "op-core";
import type { CallAnswer, CallHandler, IncomingCall } from "../connection/bus-connection.ts";
import { standardErrors } from "../connection/call-server.ts";
import { parseObjectPath } from "../names/object-path.ts";
import { messageFlags, messageTypes } from "../wire/message.ts";
import { fromDbusNextBody } from "./from-dbus-next.ts";
import { toDbusNextBody } from "./to-dbus-next.ts";

/** What a server is made of. */
export interface DbusNextServerOptions {
  readonly bus: MessageBus;
  readonly logger: Logger;
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
}

/**
 * Answers every call that dbus-next receives, also those that nobody serves: the package's own answer to them ends the
 * process when the connection is closed meanwhile.
 */
export class DbusNextServer {
  readonly #options: DbusNextServerOptions;
  #handler: CallHandler | undefined;

  constructor(options: DbusNextServerOptions) {
    this.#options = options;
    options.bus.addMethodHandler((message: Message) => {
      if (!options.signal.aborted) void this.#answer(message);
      return true;
    });
  }

  /** Sends calls to a handler from now on. */
  serve(handler: CallHandler): Disposable {
    if (this.#handler !== undefined) throw new TypeError("This connection has a handler already.");
    this.#handler = handler;
    return {
      [Symbol.dispose]: () => {
        if (this.#handler === handler) this.#handler = undefined;
      },
    };
  }

  async #answer(message: Message): Promise<void> {
    const { bus, logger, signal } = this.#options;
    const answer = await this.#ask(message);
    if (signal.aborted || (message.flags & messageFlags.noReplyExpected) !== 0) return;
    try {
      bus.send(toForeignAnswer(message, answer));
    } catch (error) {
      logger.error("an answer could not be sent", { member: message.member, error });
    }
  }

  async #ask(message: Message): Promise<CallAnswer> {
    const { logger, signal } = this.#options;
    if (this.#handler === undefined) {
      const text = "This connection has no objects.";
      return { errorName: standardErrors.unknownObject, message: text };
    }
    try {
      return await this.#handler(toIncomingCall(message, signal));
    } catch (error) {
      logger.error("answering a call failed", { member: message.member, error });
      return { errorName: standardErrors.failed, message: "The call could not be carried out." };
    }
  }
}

function toIncomingCall(message: Message, signal: AbortSignal): IncomingCall {
  const { sender, path, member, signature, flags } = message;
  return {
    sender,
    member,
    signature,
    signal,
    path: parseObjectPath(path),
    interface: message.interface,
    body: fromDbusNextBody(signature, message.body),
    isInteractiveAuthorizationAllowed: (flags & messageFlags.allowInteractiveAuthorization) !== 0,
  };
}

function toForeignAnswer(call: Message, answer: CallAnswer): Message {
  if ("errorName" in answer) {
    const { errorName, message } = answer;
    const { serial, sender: destination } = call;
    const facts = { type: messageTypes.error, destination, errorName, replySerial: String(serial) };
    const error = new Message({ ...facts, signature: "s", body: [message] });
    // The package's types say that a serial number is text, which it cannot send.
    return Object.assign(error, { replySerial: serial });
  }
  const { signature, body } = answer;
  return Message.newMethodReturn(call, signature, toDbusNextBody(signature, body));
}
