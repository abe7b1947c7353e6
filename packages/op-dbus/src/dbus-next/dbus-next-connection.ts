import { DBusError, Message, type MessageBus } from "dbus-next";
import { abortable, type Clock, type Logger } from "op-core";
import type {
  BusConnection,
  CallHandler,
  CallOptions,
  ConnectionEvent,
  EventStream,
  MethodCall,
  MethodReply,
  OutgoingSignal,
  RequestNameOptions,
  Signal,
  SignalRule,
  SubscribeOptions,
} from "../connection/bus-connection.ts";
import { createSignalBus, type CallBus } from "../connection/bus-driver-call.ts";
import { busInterface, busName, busPath } from "../connection/bus-driver-names.ts";
import { checkCall, checkSignal, toFlags } from "../connection/check-call.ts";
import { ConnectionEvents } from "../connection/connection-events.ts";
import { OwnedNames } from "../connection/owned-names.ts";
import { SignalRouter } from "../connection/signal-router.ts";
import {
  CallFailedError,
  CallTimeoutError,
  DbusNextError,
  DisconnectedError,
  MalformedMessageError,
} from "../dbus-error.ts";
import { isUniqueName, type UniqueName } from "../names/bus-name.ts";
import { messageTypes } from "../wire/message.ts";
import { BodyCheck } from "./body-check.ts";
import { DbusNextServer } from "./dbus-next-server.ts";
import { fromDbusNextBody } from "./from-dbus-next.ts";
import { toDbusNextBody } from "./to-dbus-next.ts";

/** What the adapter is made of. */
export interface DbusNextParts {
  /** Connected. */
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly callTimeoutMs: number;
}

const noReply: MethodReply = { signature: "", body: [], sender: undefined };

/**
 * The port on dbus-next. What the package lacks and can be added from outside is added: time limits, signals, checked
 * names and arguments, streams. What it loses inside stays lost.
 */
export class DbusNextConnection implements BusConnection {
  readonly #parts: DbusNextParts;
  readonly #router: SignalRouter;
  readonly #names = new OwnedNames();
  readonly #server: DbusNextServer;
  readonly #check = new BodyCheck();
  readonly #events = new ConnectionEvents();
  /** Aborts with the reason when the bus is gone, as far as the package tells. */
  readonly #gone = new AbortController();
  #uniqueName: UniqueName | undefined;

  private constructor(parts: DbusNextParts) {
    this.#parts = parts;
    this.#router = new SignalRouter(createSignalBus(this.#callBus), parts.logger);
    const { bus, logger } = parts;
    this.#server = new DbusNextServer({ bus, logger, signal: this.#gone.signal });
    parts.bus.on("message", (message) => this.#receive(message));
    parts.bus.on("error", (error) => this.#lose(error));
  }

  /** Takes a connected bus over; resolves when its unique name is known. */
  static async adopt(parts: DbusNextParts): Promise<DbusNextConnection> {
    const connection = new DbusNextConnection(parts);
    await connection.#learnName();
    return connection;
  }

  get uniqueName(): UniqueName | undefined {
    return this.#gone.signal.aborted ? undefined : this.#uniqueName;
  }

  async call(call: MethodCall, options: CallOptions = {}): Promise<MethodReply> {
    options.signal?.throwIfAborted();
    checkCall(call);
    this.#check.call(call);
    const { destination, path, interface: interfaceName, member, signature = "", body = [] } = call;
    const what = `Calling ${interfaceName}.${member} on ${path} of ${destination}`;
    this.#throwIfGone(what);
    const message = new Message({
      destination,
      path,
      interface: interfaceName,
      member,
      signature,
      flags: toFlags(options),
      body: toDbusNextBody(signature, body),
    });
    const reply = await this.#send(message, what, options);
    return reply === null ? noReply : toReply(reply);
  }

  async subscribe(rule: SignalRule, options: SubscribeOptions = {}): Promise<EventStream<Signal>> {
    return await this.#router.subscribe(rule, options);
  }

  async emit(signal: OutgoingSignal): Promise<void> {
    checkSignal(signal);
    this.#check.signal(signal);
    const what = `Sending the signal ${signal.interface}.${signal.member}`;
    this.#throwIfGone(what);
    const { signature = "", body = [], ...names } = signal;
    const foreign = { ...names, signature, body: toDbusNextBody(signature, body) };
    try {
      this.#parts.bus.send(new Message({ type: messageTypes.signal, ...foreign }));
    } catch (error) {
      throw new DbusNextError(what, error);
    }
    // The package does not say whether the bus keeps up.
    await Promise.resolve();
  }

  async requestName(name: string, options: RequestNameOptions = {}): Promise<void> {
    await this.#names.request(name, options, this.#callBus);
  }

  async releaseName(name: string, options: Pick<CallOptions, "signal"> = {}): Promise<void> {
    await this.#names.release(name, options, this.#callBus);
  }

  serve(handler: CallHandler): Disposable {
    return this.#server.serve(handler);
  }

  events(options: SubscribeOptions = {}): EventStream<ConnectionEvent> {
    return this.#events.open(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort(new DisconnectedError("Using a closed connection", { wasSent: false }));
    this.#router.end();
    this.#events.end();
    this.#parts.bus.disconnect();
    await Promise.resolve();
  }

  readonly #callBus: CallBus = async (member, signature, body) => {
    const target = { destination: busName, path: busPath, interface: busInterface };
    return await this.call({ ...target, member, signature, body });
  };

  /** The package's types leave the name out, but every answer is addressed to it. */
  async #learnName(): Promise<void> {
    const target = { destination: busName, path: busPath, interface: busInterface };
    const what = "Asking the bus for its identity";
    const reply = await this.#send(new Message({ ...target, member: "GetId" }), what, {});
    const name = reply?.destination ?? "";
    if (!isUniqueName(name)) throw new MalformedMessageError("an answer has no destination");
    this.#uniqueName = name;
  }

  async #send(message: Message, what: string, options: CallOptions): Promise<Message | null> {
    const { timeoutMs = this.#parts.callTimeoutMs, signal } = options;
    const late = new AbortController();
    using _timer = this.#parts.clock.startTimer(timeoutMs, () => {
      late.abort(new CallTimeoutError(what, timeoutMs, true));
    });
    const ends = [late.signal, this.#gone.signal, ...(signal === undefined ? [] : [signal])];
    try {
      return await abortable(this.#parts.bus.call(message), AbortSignal.any(ends));
    } catch (error) {
      throw this.#explain(error, what, late.signal.aborted || signal?.aborted === true);
    }
  }

  #explain(error: unknown, what: string, isGivenUp: boolean): unknown {
    if (error instanceof DBusError) return new CallFailedError(what, error.type, error.text);
    if (isGivenUp) return error;
    const cause = error;
    if (this.#gone.signal.aborted) return new DisconnectedError(what, { wasSent: true, cause });
    return new DbusNextError(what, error);
  }

  #throwIfGone(what: string): void {
    const { aborted, reason } = this.#gone.signal;
    if (aborted) throw new DisconnectedError(what, { wasSent: false, cause: reason });
  }

  #receive(message: Message): void {
    // The package's types number the kinds of messages from 0, which they are not.
    if (message.type !== messageTypes.signal) return;
    const { sender, path, interface: interfaceName, member, signature } = message;
    try {
      const body = fromDbusNextBody(signature, message.body);
      const names = { sender, path, interface: interfaceName, member };
      const facts = { type: messageTypes.signal, flags: 0, serial: 1 };
      this.#router.dispatch({ ...facts, ...names, signature, body });
    } catch (error) {
      this.#parts.logger.warn("a signal could not be read", { member, error });
    }
  }

  #lose(error: unknown): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort(error);
    this.#router.suspend();
    this.#events.tell({ kind: "disconnected", error });
  }
}

function toReply({ signature, sender, body }: Message): MethodReply {
  return { signature, sender, body: fromDbusNextBody(signature, body) };
}
