import { QueueFullError, type Clock } from "op-core";
import { CallFailedError, CallTimeoutError, DisconnectedError } from "../dbus-error.ts";
import type { MessageLink } from "../link/message-link.ts";
import { messageTypes, type Message, type MessageHeader } from "../wire/message.ts";
import type { MethodCall, MethodReply } from "./bus-connection.ts";
import { createCallDeadlines, type CallDeadlines } from "./call-deadlines.ts";
import { busName } from "./bus-driver-names.ts";
import { FairWindow, type WindowEntry, type WindowLimits } from "./fair-window.ts";

/** How many calls may be unanswered and how many may wait. */
export interface CallLimits extends WindowLimits {
  readonly maxQueued: number;
}

/** What a call table is made of. */
export interface CallTableOptions {
  readonly link: MessageLink;
  readonly clock: Clock;
  readonly limits: CallLimits;
}

/** What one call takes, its names checked and its flags worked out. */
export interface PlannedCall {
  readonly call: MethodCall;
  readonly flags: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The calls over one link that are not answered. A call that was given up keeps its place until its answer comes,
 * because the bus counts it until then.
 */
export class CallTable implements Disposable {
  readonly #link: MessageLink;
  readonly #clock: Clock;
  readonly #limits: CallLimits;
  readonly #sent = new Map<number, PendingCall>();
  readonly #services: FairWindow<PendingCall>;
  /** The bus answers its own calls at once and does not count them, so they never wait behind a service. */
  readonly #bus: FairWindow<PendingCall>;
  readonly #waiting = new Set<PendingCall>();
  readonly #deadlines: CallDeadlines<PendingCall>;

  constructor({ link, clock, limits }: CallTableOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#limits = limits;
    this.#services = new FairWindow(limits);
    this.#bus = new FairWindow(limits);
    this.#deadlines = createCallDeadlines(clock, (call) => this.#expire(call));
  }

  /** Makes a call as soon as it is its turn. */
  call(planned: PlannedCall): Promise<MethodReply> {
    const window = this.#windowOf(planned.call);
    if (window.waiting >= this.#limits.maxQueued) {
      return Promise.reject(new QueueFullError("The D-Bus call", this.#limits.maxQueued));
    }
    return new Promise((resolve, reject) => {
      const dueMs = this.#clock.monotonic() + planned.timeoutMs;
      const pending = new PendingCall({ planned, dueMs, resolve, reject }, (started) => {
        this.#send(started);
      });
      this.#waiting.add(pending);
      this.#deadlines.add(pending);
      pending.linkSignal(() => this.#giveUp(pending, planned.signal?.reason));
      window.enter(pending);
    });
  }

  /** Gives an answer to its call; answers to nobody are ignored. */
  settle(message: Message): void {
    const serial = message.replySerial ?? 0;
    const pending = this.#sent.get(serial);
    if (pending === undefined) return;
    this.#sent.delete(serial);
    this.#deadlines.delete(pending);
    if (message.type === messageTypes.return) pending.resolve(message);
    else pending.reject(toCallError(pending.what, message));
    this.#windowOf(pending.call).leave(pending);
  }

  /** Fails every call: the link is gone. */
  fail(cause: unknown): void {
    const calls = [...this.#sent.values(), ...this.#waiting];
    const sent = new Set(this.#sent.values());
    this.#sent.clear();
    this.#waiting.clear();
    this.#deadlines[Symbol.dispose]();
    for (const call of calls) {
      call.reject(new DisconnectedError(call.what, { wasSent: sent.has(call), cause }));
    }
  }

  [Symbol.dispose](): void {
    this.fail(undefined);
  }

  #windowOf(call: MethodCall): FairWindow<PendingCall> {
    return call.destination === busName ? this.#bus : this.#services;
  }

  #send(pending: PendingCall): void {
    this.#waiting.delete(pending);
    let serial = this.#link.nextSerial();
    // Serial numbers wrap around; a call that is still unanswered keeps its own.
    while (this.#sent.has(serial)) serial = this.#link.nextSerial();
    try {
      const { call } = pending;
      const { argumentNames, body = [] } = call;
      this.#link.send({ header: toHeader(call, pending.flags), serial, body, argumentNames });
      this.#sent.set(serial, pending);
      pending.isSent = true;
    } catch (error) {
      this.#deadlines.delete(pending);
      pending.reject(error);
      this.#windowOf(pending.call).leave(pending);
    }
  }

  #expire(pending: PendingCall): void {
    const { what, timeoutMs, isSent } = pending;
    this.#giveUp(pending, new CallTimeoutError(what, timeoutMs, isSent));
  }

  #giveUp(pending: PendingCall, reason: unknown): void {
    this.#deadlines.delete(pending);
    if (this.#waiting.delete(pending)) this.#windowOf(pending.call).withdraw(pending);
    pending.reject(reason);
  }
}

interface PendingCallOptions {
  readonly planned: PlannedCall;
  readonly dueMs: number;
  readonly resolve: (reply: MethodReply) => void;
  readonly reject: (reason: unknown) => void;
}

class PendingCall implements WindowEntry {
  readonly call: MethodCall;
  readonly flags: number;
  readonly timeoutMs: number;
  readonly dueMs: number;
  isSent = false;
  readonly #options: PendingCallOptions;
  readonly #start: (pending: PendingCall) => void;
  #unlink: (() => void) | undefined;

  constructor(options: PendingCallOptions, start: (pending: PendingCall) => void) {
    const { planned, dueMs } = options;
    this.call = planned.call;
    this.flags = planned.flags;
    this.timeoutMs = planned.timeoutMs;
    this.dueMs = dueMs;
    this.#options = options;
    this.#start = start;
  }

  get lane(): string {
    return this.call.destination;
  }

  /** What is going on, as the subject of an error's sentence. */
  get what(): string {
    const { destination, path, interface: interfaceName, member } = this.call;
    return `Calling ${interfaceName}.${member} on ${path} of ${destination}`;
  }

  start(): void {
    this.#start(this);
  }

  linkSignal(onAbort: () => void): void {
    const { signal } = this.#options.planned;
    if (signal === undefined) return;
    signal.addEventListener("abort", onAbort, { once: true });
    this.#unlink = () => signal.removeEventListener("abort", onAbort);
  }

  /** Settling twice has no effect: the answer to a call that was given up is ignored. */
  resolve(reply: MethodReply): void {
    this.#unlink?.();
    this.#options.resolve(reply);
  }

  reject(reason: unknown): void {
    this.#unlink?.();
    this.#options.reject(reason);
  }
}

/** Makes the header of a call. */
export function toHeader(call: MethodCall, flags: number): MessageHeader {
  const { path, interface: interfaceName, member, destination, signature } = call;
  return {
    type: messageTypes.call,
    flags,
    path,
    interface: interfaceName,
    member,
    destination,
    signature,
  };
}

function toCallError(what: string, { errorName = "", body }: Message): CallFailedError {
  const [text] = body;
  return new CallFailedError(what, errorName, typeof text === "string" ? text : "");
}
