import { backoffDelayMs, sleep, type BackoffPolicy, type Clock, type Logger } from "op-core";
import { DisconnectedError } from "../dbus-error.ts";
import type { MessageLink } from "../link/message-link.ts";
import type { UniqueName } from "../names/bus-name.ts";
import { messageFlags, messageTypes } from "../wire/message.ts";
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
} from "./bus-connection.ts";
import { callBusOver, createSignalBus, type CallBus } from "./bus-driver-call.ts";
import { CallServer } from "./call-server.ts";
import { toHeader } from "./call-table.ts";
import { checkCall, checkSignal, toFlags } from "./check-call.ts";
import { ConnectionEvents } from "./connection-events.ts";
import { OwnedNames } from "./owned-names.ts";
import type { BusSession, OpenedSession } from "./session.ts";
import { SignalRouter } from "./signal-router.ts";

/** The session that a connection begins with; why there is none where its bus is waited for. */
export type FirstSession =
  | { readonly opened: OpenedSession }
  | { readonly opened: undefined; readonly error: unknown };

/** What a connection that comes back is made of. */
export interface ReconnectingConnectionOptions {
  /** Opens a session; rejects with the signal's reason when it aborts. */
  readonly open: (signal: AbortSignal) => Promise<OpenedSession>;
  /** The session it begins with. */
  readonly first: FirstSession;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly callTimeoutMs: number;
  readonly backoff: BackoffPolicy;
}

const noReply: MethodReply = { signature: "", body: [], sender: undefined };
const noOptions: CallOptions = {};

/** A connection that opens another session whenever the one it has is gone. */
export class ReconnectingConnection implements BusConnection {
  readonly #options: ReconnectingConnectionOptions;
  readonly #closing = new AbortController();
  readonly #router: SignalRouter;
  readonly #server: CallServer;
  readonly #names = new OwnedNames();
  readonly #events = new ConnectionEvents();
  /** What calls go to; undefined until match rules and names have been restored. */
  #current: OpenedSession | undefined;
  #lastError: unknown;
  #reconnecting: Promise<void> = Promise.resolve();

  constructor(options: ReconnectingConnectionOptions) {
    this.#options = options;
    this.#router = new SignalRouter(createSignalBus(this.#callBus), options.logger);
    this.#server = new CallServer(options.logger);
    const { first } = options;
    this.#current = first.opened;
    if (first.opened !== undefined) {
      this.#adopt(first.opened);
      return;
    }
    this.#lastError = first.error;
    options.logger.warn("the bus cannot be reached yet", { error: first.error });
    this.#reconnecting = this.#reconnect();
  }

  get uniqueName(): UniqueName | undefined {
    return this.#current?.uniqueName;
  }

  // Not async, because every promise between the caller and the answer is felt by those that call a lot.
  call(call: MethodCall, options: CallOptions = noOptions): Promise<MethodReply> {
    const { timeoutMs = this.#options.callTimeoutMs, signal, noReply: isSilent } = options;
    try {
      signal?.throwIfAborted();
      checkCall(call);
      const { link, calls } = this.#sessionFor(call);
      const flags = toFlags(options);
      if (isSilent === true) return sendSilently(link, call, flags);
      return calls.call({ call, flags, timeoutMs, signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async subscribe(rule: SignalRule, options: SubscribeOptions = {}): Promise<EventStream<Signal>> {
    return await this.#router.subscribe(rule, options);
  }

  async emit(signal: OutgoingSignal): Promise<void> {
    checkSignal(signal);
    const { link } = this.#session(`Sending the signal ${signal.interface}.${signal.member}`);
    const { body = [], ...names } = signal;
    const header = { type: messageTypes.signal, flags: messageFlags.noReplyExpected, ...names };
    link.send({ header, serial: link.nextSerial(), body });
    await link.whenWritable();
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
    this.#closing.abort();
    this.#current?.session[Symbol.dispose]();
    this.#router.end();
    this.#events.end();
    await this.#reconnecting;
  }

  readonly #callBus: CallBus = async (member, signature, body) => {
    const session = this.#session(`Calling ${member} of the bus`);
    return await callBusOver(session, this.#options.callTimeoutMs)(member, signature, body);
  };

  #sessionFor(call: MethodCall): BusSession {
    return this.#current?.session ?? this.#session(`Calling ${call.interface}.${call.member}`);
  }

  #session(what: string): BusSession {
    if (this.#current !== undefined) return this.#current.session;
    throw new DisconnectedError(what, { wasSent: false, cause: this.#lastError });
  }

  /** Takes what a session receives, and notices its end. */
  #adopt(opened: OpenedSession): void {
    const { session } = opened;
    const gone = new AbortController();
    session.setReceiver({
      signal: (message) => this.#router.dispatch(message),
      call: (message) => void this.#server.answer(message, session.link, gone.signal),
      closed: (error) => {
        gone.abort();
        if (this.#current === opened) this.#lose(error);
      },
    });
  }

  #lose(error: unknown): void {
    this.#current = undefined;
    this.#lastError = error;
    this.#router.suspend();
    if (this.#closing.signal.aborted) return;
    this.#options.logger.warn("the connection to the bus was lost", { error });
    this.#events.tell({ kind: "disconnected", error });
    this.#reconnecting = this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { clock, backoff, logger } = this.#options;
    const { signal } = this.#closing;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await sleep(backoffDelayMs(attempt, backoff), { clock, signal });
        if (await this.#restore(await this.#options.open(signal))) return;
      } catch (error) {
        this.#lastError = error;
        if (!signal.aborted) logger.debug("the bus is not back yet", { attempt, error });
      }
    }
  }

  /** Makes a new session the one that calls go to, and says whether it lived for long enough. */
  async #restore(opened: OpenedSession): Promise<boolean> {
    const { session, uniqueName } = opened;
    const { logger, callTimeoutMs } = this.#options;
    const callBus = callBusOver(session, callTimeoutMs);
    using guard = new DisposableStack();
    guard.use(session);
    // Whoever disposes the connection does not wait for a bus that never answers.
    const giveUp = (): void => session[Symbol.dispose]();
    this.#closing.signal.addEventListener("abort", giveUp, { once: true });
    using _listening = disposable(() => this.#closing.signal.removeEventListener("abort", giveUp));
    this.#adopt(opened);
    await this.#router.restore(createSignalBus(callBus));
    const lost = await this.#names.restore(callBus, logger);
    if (session.isClosed || this.#closing.signal.aborted) return false;
    guard.move();
    this.#current = opened;
    logger.info("the connection to the bus is back", { uniqueName });
    this.#events.tell({ kind: "reconnected", uniqueName });
    for (const name of lost) this.#events.tell({ kind: "name-lost", name });
    return true;
  }
}

/** Resolves when the call is on its way and the bus keeps up with reading. */
async function sendSilently(
  link: MessageLink,
  call: MethodCall,
  flags: number,
): Promise<MethodReply> {
  const { body = [], argumentNames } = call;
  link.send({ header: toHeader(call, flags), serial: link.nextSerial(), body, argumentNames });
  await link.whenWritable();
  return noReply;
}

function disposable(dispose: () => void): Disposable {
  return { [Symbol.dispose]: dispose };
}
