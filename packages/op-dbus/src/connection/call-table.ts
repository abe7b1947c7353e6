import { QueueFullError, type Clock } from "op-core";
import { CallFailedError, CallTimeoutError, DisconnectedError } from "../dbus-error.ts";
import type { MessageLink } from "../link/message-link.ts";
import { messageTypes, type Message, type MessageHeader } from "../wire/message.ts";
import type { DBusValue } from "../wire/value.ts";
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
  readonly #deadlines: CallDeadlines;

  constructor({ link, clock, limits }: CallTableOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#limits = limits;
    this.#services = new FairWindow(limits);
    this.#bus = new FairWindow(limits);
    this.#deadlines = createCallDeadlines({
      clock,
      calls: () => this.#unanswered(),
      onDue: (call) => this.#expire(call),
    });
  }

  /** Makes a call as soon as it is its turn. */
  call(planned: PlannedCall): Promise<MethodReply> {
    const window = this.#windowOf(planned.call);
    if (window.waiting >= this.#limits.maxQueued) {
      return Promise.reject(new QueueFullError("The D-Bus call", this.#limits.maxQueued));
    }
    const pending = new PendingCall(
      planned,
      this.#clock.monotonic() + planned.timeoutMs,
      this.#send,
    );
    window.enter(pending);
    if (pending.state === "new") {
      pending.state = "waiting";
      this.#waiting.add(pending);
    }
    this.#deadlines.watch(pending);
    if (planned.signal !== undefined) this.#linkSignal(pending, planned.signal);
    return pending.promise;
  }

  /** Gives an answer to its call; answers to nobody are ignored. */
  settle(message: Message): void {
    const serial = message.replySerial ?? 0;
    const pending = this.#sent.get(serial);
    if (pending === undefined) return;
    this.#sent.delete(serial);
    if (message.type === messageTypes.return) pending.resolve(message);
    else pending.reject(toCallError(pending.what, message));
    this.#windowOf(pending.call).leave(pending);
  }

  /** Fails every call: the link is gone. */
  fail(cause: unknown): void {
    const calls = [...this.#unanswered()];
    this.#sent.clear();
    this.#waiting.clear();
    this.#deadlines[Symbol.dispose]();
    for (const call of calls) {
      const wasSent = call.state === "sent";
      call.reject(new DisconnectedError(call.what, { wasSent, cause }));
    }
  }

  [Symbol.dispose](): void {
    this.fail(undefined);
  }

  *#unanswered(): Iterable<PendingCall> {
    yield* this.#sent.values();
    yield* this.#waiting;
  }

  #windowOf(call: MethodCall): FairWindow<PendingCall> {
    return call.destination === busName ? this.#bus : this.#services;
  }

  #linkSignal(pending: PendingCall, signal: AbortSignal): void {
    const giveUp = (): void => this.#giveUp(pending, signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    pending.unlink = () => signal.removeEventListener("abort", giveUp);
  }

  readonly #send = (pending: PendingCall): void => {
    if (pending.state === "waiting") this.#waiting.delete(pending);
    let serial = this.#link.nextSerial();
    // Serial numbers wrap around; a call that is still unanswered keeps its own.
    while (this.#sent.has(serial)) serial = this.#link.nextSerial();
    try {
      const { call, flags } = pending.planned;
      const { argumentNames, body = noArguments } = call;
      this.#link.send({ header: toHeader(call, flags), serial, body, argumentNames });
      this.#sent.set(serial, pending);
      pending.state = "sent";
    } catch (error) {
      pending.state = "refused";
      pending.reject(error);
      this.#windowOf(pending.call).leave(pending);
    }
  };

  #expire(pending: PendingCall): void {
    const { timeoutMs } = pending.planned;
    this.#giveUp(pending, new CallTimeoutError(pending.what, timeoutMs, pending.state === "sent"));
  }

  #giveUp(pending: PendingCall, reason: unknown): void {
    if (this.#waiting.delete(pending)) this.#windowOf(pending.call).withdraw(pending);
    pending.reject(reason);
  }
}

const noArguments: readonly DBusValue[] = [];

/** What has become of a call; the bus counts it while it is sent, also when it was given up. */
type CallState = "new" | "waiting" | "sent" | "refused";

class PendingCall implements WindowEntry {
  readonly planned: PlannedCall;
  readonly promise: Promise<MethodReply>;
  /** When it is given up; never, once it is settled. */
  dueMs: number;
  state: CallState = "new";
  /** Lets go of the caller's signal. */
  unlink: (() => void) | undefined;
  readonly #send: (pending: PendingCall) => void;
  #settle: PromiseWithResolvers<MethodReply>;

  constructor(planned: PlannedCall, dueMs: number, send: (pending: PendingCall) => void) {
    this.planned = planned;
    this.dueMs = dueMs;
    this.#send = send;
    this.#settle = Promise.withResolvers();
    this.promise = this.#settle.promise;
  }

  get call(): MethodCall {
    return this.planned.call;
  }

  get lane(): string {
    return this.planned.call.destination;
  }

  /** What is going on, as the subject of an error's sentence. */
  get what(): string {
    const { destination, path, interface: interfaceName, member } = this.planned.call;
    return `Calling ${interfaceName}.${member} on ${path} of ${destination}`;
  }

  start(): void {
    this.#send(this);
  }

  /** Settling twice has no effect: the answer to a call that was given up is ignored. */
  resolve(reply: MethodReply): void {
    this.#end();
    this.#settle.resolve(reply);
  }

  reject(reason: unknown): void {
    this.#end();
    this.#settle.reject(reason);
  }

  #end(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
    this.unlink?.();
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
