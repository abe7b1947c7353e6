import type { Logger } from "op-core";
import { InvalidNameError } from "../dbus-error.ts";
import type { MessageLink } from "../link/message-link.ts";
import { isErrorName } from "../names/error-name.ts";
import { parseObjectPath } from "../names/object-path.ts";
import { messageFlags, messageTypes, type Message } from "../wire/message.ts";
import type { CallAnswer, CallHandler, IncomingCall } from "./bus-connection.ts";

/** The errors that every D-Bus program knows. */
export const standardErrors = {
  failed: "org.freedesktop.DBus.Error.Failed",
  invalidArgs: "org.freedesktop.DBus.Error.InvalidArgs",
  unknownMethod: "org.freedesktop.DBus.Error.UnknownMethod",
  unknownObject: "org.freedesktop.DBus.Error.UnknownObject",
  unknownInterface: "org.freedesktop.DBus.Error.UnknownInterface",
  unknownProperty: "org.freedesktop.DBus.Error.UnknownProperty",
  propertyReadOnly: "org.freedesktop.DBus.Error.PropertyReadOnly",
} as const;

/** Answers the calls that others make over one link. */
export class CallServer {
  readonly #logger: Logger;
  #handler: CallHandler | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
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

  /** Answers a call over the link it came from, unless its caller wants no answer; never rejects. */
  async answer(message: Message, link: MessageLink, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(toIncomingCall(message, signal));
    const isAnswerWanted = (message.flags & messageFlags.noReplyExpected) === 0;
    if (!isAnswerWanted || signal.aborted) return;
    try {
      sendAnswer(link, message, answer);
    } catch (error) {
      this.#logger.error("an answer could not be sent", { member: message.member, error });
      if (!signal.aborted) sendAnswer(link, message, failed("The answer could not be sent."));
    }
  }

  async #ask(call: IncomingCall): Promise<CallAnswer> {
    if (this.#handler === undefined) {
      const message = "This connection has no objects.";
      return { errorName: standardErrors.unknownObject, message };
    }
    try {
      return await this.#handler(call);
    } catch (error) {
      this.#logger.error("answering a call failed", {
        path: call.path,
        member: call.member,
        error,
      });
      return failed("The call could not be carried out.");
    }
  }
}

function failed(message: string): CallAnswer {
  return { errorName: standardErrors.failed, message };
}

function toIncomingCall(message: Message, signal: AbortSignal): IncomingCall {
  const { sender, path = "/", interface: interfaceName, member = "", signature, body } = message;
  return {
    sender,
    path: parseObjectPath(path),
    interface: interfaceName,
    member,
    signature,
    body,
    isInteractiveAuthorizationAllowed:
      (message.flags & messageFlags.allowInteractiveAuthorization) !== 0,
    signal,
  };
}

function sendAnswer(link: MessageLink, message: Message, answer: CallAnswer): void {
  const { sender: destination, serial: replySerial } = message;
  const shared = { flags: messageFlags.noReplyExpected, destination, replySerial };
  if ("errorName" in answer) {
    const { errorName, message: text } = answer;
    if (!isErrorName(errorName)) {
      throw new InvalidNameError(
        "an error name",
        errorName,
        "An error looks like org.example.Failed.",
      );
    }
    const header = { type: messageTypes.error, ...shared, errorName, signature: "s" };
    link.send({ header, serial: link.nextSerial(), body: [text] });
  } else {
    const header = { type: messageTypes.return, ...shared, signature: answer.signature };
    link.send({ header, serial: link.nextSerial(), body: answer.body });
  }
}
