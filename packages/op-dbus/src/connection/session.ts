import { formatError, startDeadline, type Clock } from "op-core";
import type { AuthMechanism } from "../auth/auth-mechanism.ts";
import { authenticate } from "../auth/authenticate.ts";
import { AuthenticationError, ConnectError, MalformedMessageError } from "../dbus-error.ts";
import type { BusAddress } from "../link/bus-address.ts";
import type { ByteChannel } from "../link/byte-channel.ts";
import { MessageLink, type MessageLimits } from "../link/message-link.ts";
import { openChannel } from "../link/open-channel.ts";
import { isUniqueName, type UniqueName } from "../names/bus-name.ts";
import { messageTypes, type Message } from "../wire/message.ts";
import { busInterface, busName, busPath } from "./bus-driver-names.ts";
import { CallTable, type CallLimits } from "./call-table.ts";

/** How a session is opened. */
export interface SessionOptions {
  /** Tried in order. */
  readonly addresses: readonly BusAddress[];
  readonly mechanisms: readonly AuthMechanism[];
  readonly messageLimits: MessageLimits;
  readonly callLimits: CallLimits;
  /** How long connecting to one address, authenticating and saying hello may take. */
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Where what a session receives goes. */
export interface SessionReceiver {
  signal(message: Message): void;
  call(message: Message): void;
  /** The session is gone; called once, after its calls have failed. */
  closed(error: unknown): void;
}

/** One connection to the bus, from its socket's opening to its end. It never comes back. */
export class BusSession implements Disposable {
  readonly link: MessageLink;
  readonly calls: CallTable;
  /** The identity the bus showed. */
  readonly guid: string;
  #receiver: SessionReceiver | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor(channel: ByteChannel, guid: string, options: SessionOptions) {
    this.guid = guid;
    this.link = new MessageLink(channel, options.messageLimits);
    const { clock, callLimits } = options;
    this.calls = new CallTable({ link: this.link, clock, limits: callLimits });
    this.link.start({
      message: (message) => this.#dispatch(message),
      closed: (error) => this.#close(error),
    });
  }

  /** Whether it is over. */
  get isClosed(): boolean {
    return this.#end !== undefined;
  }

  /** Gives what is received to a receiver from now on. */
  setReceiver(receiver: SessionReceiver): void {
    this.#receiver = receiver;
    if (this.#end !== undefined) receiver.closed(this.#end.error);
  }

  /** Closes the socket and fails what is pending. */
  [Symbol.dispose](): void {
    this.#close(undefined);
    this.link[Symbol.dispose]();
  }

  #dispatch(message: Message): void {
    switch (message.type) {
      case messageTypes.return:
      case messageTypes.error:
        this.calls.settle(message);
        return;
      case messageTypes.signal:
        this.#receiver?.signal(message);
        return;
      case messageTypes.call:
        this.#receiver?.call(message);
        return;
      default:
      // The specification asks to ignore messages of other types.
    }
  }

  #close(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.calls.fail(error);
    this.#receiver?.closed(error);
  }
}

/** A session and the name the bus gave to it. */
export interface OpenedSession {
  readonly session: BusSession;
  readonly uniqueName: UniqueName;
}

/** Opens a session to the first address that works; rejects with `ERR_DBUS_CONNECT` or the signal's reason. */
export async function openSession(options: SessionOptions): Promise<OpenedSession> {
  const problems: string[] = [];
  let cause: unknown;
  for (const address of options.addresses) {
    try {
      return await openAt(address, options);
    } catch (error) {
      options.signal.throwIfAborted();
      cause = error;
      problems.push(`${address.text}: ${formatError(error)}`);
    }
  }
  const text = options.addresses.map((address) => address.text).join(";");
  throw new ConnectError(text, problems, cause);
}

async function openAt(address: BusAddress, options: SessionOptions): Promise<OpenedSession> {
  const { clock, connectTimeoutMs, signal } = options;
  const what = "Connecting to the bus";
  using deadline = startDeadline({ what, ms: connectTimeoutMs, clock, signal });
  const channel = await openChannel(address, { clock, signal: deadline.signal });
  try {
    const session = await startSession(channel, address, { ...options, signal: deadline.signal });
    return { session, uniqueName: await sayHello(session, options, deadline.signal) };
  } catch (error) {
    channel.destroy();
    throw error;
  }
}

async function startSession(
  channel: ByteChannel,
  address: BusAddress,
  options: SessionOptions,
): Promise<BusSession> {
  const guid = await authenticate(channel, options);
  if (address.guid !== undefined && address.guid !== guid) {
    throw new AuthenticationError(`it is ${guid}, not the bus ${address.guid}`, []);
  }
  return new BusSession(channel, guid, options);
}

async function sayHello(
  session: BusSession,
  { connectTimeoutMs: timeoutMs }: SessionOptions,
  signal: AbortSignal,
): Promise<UniqueName> {
  const call = { destination: busName, path: busPath, interface: busInterface, member: "Hello" };
  const { body } = await session.calls.call({ call, flags: 0, timeoutMs, signal });
  const [name] = body;
  if (typeof name === "string" && isUniqueName(name)) return name;
  throw new MalformedMessageError("its answer to Hello has no unique name");
}
