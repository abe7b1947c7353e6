import type { ObjectPath } from "../names/object-path.ts";
import type { UniqueName } from "../names/bus-name.ts";
import type { DBusValue } from "../wire/value.ts";

/** What is called. */
export interface MethodCall {
  /** A unique or a well-known name. */
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** The types of the arguments; empty unless told. */
  readonly signature?: string;
  readonly body?: readonly DBusValue[];
  /** What the arguments are called, for errors. */
  readonly argumentNames?: readonly string[];
}

/** How a call is made. */
export interface CallOptions {
  /** How long the answer may take, the wait for a turn included; 25 seconds unless told. */
  readonly timeoutMs?: number;
  /** Gives the call up; the service is not told, because the protocol cannot. */
  readonly signal?: AbortSignal | undefined;
  /** Fails instead of starting the service when it does not run. */
  readonly noAutoStart?: boolean;
  /** Lets the service ask a person for permission; such calls need a longer timeout. */
  readonly interactiveAuthorization?: boolean;
  /** Resolves as soon as the call was sent; the service is asked not to answer. */
  readonly noReply?: boolean;
}

/** What a service answered. */
export interface MethodReply {
  readonly signature: string;
  readonly body: readonly DBusValue[];
  /** The unique name of whoever answered. */
  readonly sender: string | undefined;
}

/** A signal that was received. */
export interface Signal {
  /** The unique name of its sender, or `org.freedesktop.DBus` for the bus itself. */
  readonly sender: string | undefined;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: readonly DBusValue[];
}

/** Which signals are wanted; what is left out may be anything. */
export interface SignalRule {
  /** Only from the connection that has this name when the signal is sent. Without it anybody's signals are taken. */
  readonly sender?: string;
  readonly path?: string;
  /** Only from this path and those below it. */
  readonly pathNamespace?: string;
  readonly interface?: string;
  readonly member?: string;
  /** Only with this text as the first argument. */
  readonly arg0?: string;
  /** Only with this name, or one below it, as the first argument. */
  readonly arg0Namespace?: string;
}

/** How signals are taken in. */
export interface SubscribeOptions {
  /** Ends the stream: waiting for the next signal rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many signals wait for the reader; 1024 unless told. Beyond it the oldest are dropped. */
  readonly bufferSize?: number;
}

/** Values that arrive over time. Leaving the loop over it, or disposing it, ends it. */
export interface EventStream<T> extends AsyncIterableIterator<T, undefined>, AsyncDisposable {
  /** How many values were dropped because the reader was too slow. */
  readonly dropped: number;
}

/** What happens to a connection. */
export type ConnectionEvent =
  /** The bus is gone; every pending call has failed, and signals are being missed. */
  | { readonly kind: "disconnected"; readonly error: unknown }
  /** The bus is back; match rules and names have been restored. */
  | { readonly kind: "reconnected"; readonly uniqueName: UniqueName }
  /** A name that was asked for could not be had again after a reconnection. */
  | { readonly kind: "name-lost"; readonly name: string };

/** How a name is asked for. */
export interface RequestNameOptions {
  readonly signal?: AbortSignal | undefined;
  /** Lets others that ask for it take it over. */
  readonly allowReplacement?: boolean;
  /** Takes it over from an owner that allows it. */
  readonly replaceExisting?: boolean;
}

/** A call that another connection makes to this one. */
export interface IncomingCall {
  /** The caller's unique name, which the bus vouches for. */
  readonly sender: string | undefined;
  readonly path: ObjectPath;
  /** Callers may leave it out where the member's name is enough. */
  readonly interface: string | undefined;
  readonly member: string;
  readonly signature: string;
  readonly body: readonly DBusValue[];
  readonly isInteractiveAuthorizationAllowed: boolean;
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
}

/** What is answered to a call. */
export type CallAnswer =
  | { readonly signature: string; readonly body: readonly DBusValue[] }
  | { readonly errorName: string; readonly message: string };

/** Answers calls of others. What it throws is answered as `org.freedesktop.DBus.Error.Failed`, without details. */
export type CallHandler = (call: IncomingCall) => Promise<CallAnswer>;

/** A signal to be sent. */
export interface OutgoingSignal {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly DBusValue[];
  /** Only to this connection; to everybody who asked for it unless told. */
  readonly destination?: string;
}

/**
 * A connection to a bus. When the bus dies every pending call fails with `ERR_DBUS_DISCONNECTED`, as do new ones until
 * it is back; no call is ever repeated. Signals flow again, and names are asked for again, by themselves.
 */
export interface BusConnection extends AsyncDisposable {
  /** The name the bus gave to this connection; undefined while there is no bus. */
  readonly uniqueName: UniqueName | undefined;
  /**
   * Calls a method. Rejects with `ERR_DBUS_CALL_FAILED` when the service answers with an error, `ERR_DBUS_TIMEOUT`
   * when it does not answer, `ERR_DBUS_VALUE` when an argument does not fit, `ERR_DBUS_UNIX_FD` when one is a file
   * descriptor.
   */
  call(call: MethodCall, options?: CallOptions): Promise<MethodReply>;
  /** Resolves with the signals of a rule once the bus sends them, so that none after that is missed. */
  subscribe(rule: SignalRule, options?: SubscribeOptions): Promise<EventStream<Signal>>;
  /** Sends a signal; resolves when the bus keeps up with reading. */
  emit(signal: OutgoingSignal): Promise<void>;
  /** Asks for a well-known name; rejects with `ERR_DBUS_NAME_TAKEN` when somebody else has it. */
  requestName(name: string, options?: RequestNameOptions): Promise<void>;
  /** Gives a name back. */
  releaseName(name: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Answers the calls of others from now on; there can be one handler at a time. Disposing it takes it away. */
  serve(handler: CallHandler): Disposable;
  /** What happens to the connection from now on. */
  events(options?: SubscribeOptions): EventStream<ConnectionEvent>;
}
