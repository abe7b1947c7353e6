import { OpError } from "op-core";

/** A bus name, interface, member or object path that the specification does not allow. */
export class InvalidNameError extends OpError {
  static readonly code = "ERR_DBUS_NAME";
  static readonly meaning = "A D-Bus name or object path is not one the specification allows.";
  readonly code = InvalidNameError.code;

  constructor(kind: string, value: string, rule: string) {
    super(`${quote(value)} is not ${kind}.`, { advice: rule, data: { kind, value: clip(value) } });
  }
}

/** A signature that the specification does not allow. */
export class InvalidSignatureError extends OpError {
  static readonly code = "ERR_DBUS_SIGNATURE";
  static readonly meaning = "A D-Bus type signature cannot be read.";
  readonly code = InvalidSignatureError.code;

  constructor(signature: string, position: number, problem: string) {
    super(`The signature ${quote(signature)} is wrong at character ${position + 1}: ${problem}.`, {
      data: { signature: clip(signature), position },
    });
  }
}

/** What is wrong with a value that was to be sent. */
export interface ValueProblem {
  /** The name of the argument, or its position when it has none. */
  readonly argument: string;
  /** The signature of the whole argument. */
  readonly signature: string;
  /** Where inside the argument, as `[2]["key"]`; empty when it is the argument itself. */
  readonly at: string;
  /** What was needed there. */
  readonly expected: string;
  /** What was found there. */
  readonly found: string;
}

/** A value that does not fit the type it was to be sent as. */
export class InvalidValueError extends OpError {
  static readonly code = "ERR_DBUS_VALUE";
  static readonly meaning = "A value does not fit the D-Bus type it was to be sent as.";
  readonly code = InvalidValueError.code;
  readonly problem: ValueProblem;

  constructor(problem: ValueProblem) {
    const { argument, signature, at, expected, found } = problem;
    const where = at === "" ? "" : ` at ${at}`;
    super(
      `Argument ${argument} has type ${quote(signature)}${where}: expected ${expected}, got ${found}.`,
      {
        advice: "Pass a value of that type.",
        data: { argument, signature, at, expected, found },
      },
    );
    this.problem = problem;
  }
}

/** A message larger than this connection may send. */
export class MessageTooLargeError extends OpError {
  static readonly code = "ERR_DBUS_TOO_LARGE";
  static readonly meaning = "A D-Bus message is larger than the bus takes.";
  readonly code = MessageTooLargeError.code;

  constructor(limitBytes: number) {
    super(`The message would be larger than ${limitBytes} bytes.`, {
      advice: "Send less at once: a bus closes the connection of whoever sends more than it takes.",
      data: { limitBytes },
    });
  }
}

/** A call that would have to carry file descriptors, which a plain socket of Node cannot. */
export class UnixFdError extends OpError {
  static readonly code = "ERR_DBUS_UNIX_FD";
  static readonly meaning = "A D-Bus method passes file descriptors, which op-dbus cannot carry.";
  readonly code = UnixFdError.code;

  constructor(what: string, signature: string) {
    super(`${what} has type ${quote(signature)}, which carries a file descriptor.`, {
      advice:
        "File descriptors cannot travel over Node's sockets, and the service would never answer. Use another method.",
      data: { what, signature },
    });
  }
}

/** Bytes from the bus that are no valid message. The connection that sent them is given up. */
export class MalformedMessageError extends OpError {
  static readonly code = "ERR_DBUS_MALFORMED";
  static readonly meaning = "The bus sent bytes that are not a valid D-Bus message.";
  readonly code = MalformedMessageError.code;

  constructor(problem: string) {
    super(`The bus sent a malformed message: ${problem}.`, { data: { problem } });
  }
}

/** A bus address that cannot be read. */
export class InvalidAddressError extends OpError {
  static readonly code = "ERR_DBUS_ADDRESS";
  static readonly meaning = "A D-Bus address cannot be read or uses an unknown transport.";
  readonly code = InvalidAddressError.code;

  constructor(address: string, problem: string) {
    super(`The bus address ${quote(address)} is wrong: ${problem}.`, {
      advice: 'An address looks like "unix:path=/run/dbus/system_bus_socket".',
      data: { address: clip(address) },
    });
  }
}

/** A bus that none of its addresses led to. */
export class ConnectError extends OpError {
  static readonly code = "ERR_DBUS_CONNECT";
  static readonly meaning = "No address of a D-Bus bus could be connected to.";
  readonly code = ConnectError.code;

  constructor(address: string, reasons: readonly string[], cause: unknown) {
    super(`Connecting to the bus at ${quote(address)} failed: ${reasons.join("; ")}`, {
      advice: "Check that the bus runs and that this user may connect to it.",
      data: { address: clip(address), reasons },
      retryable: true,
      cause,
    });
  }
}

/** A command that led to a bus and has ended. */
export class CommandEndedError extends OpError {
  static readonly code = "ERR_DBUS_COMMAND";
  static readonly meaning = "The command that leads to a D-Bus bus, such as ssh, has ended.";
  readonly code = CommandEndedError.code;

  constructor(file: string, outcome: string, complaints: string) {
    // What went wrong is at the end.
    const last = complaints.trim().slice(-200);
    const said = last === "" ? "" : `: ${quote(last)}`;
    super(`${file} ended with ${outcome}${said}.`, {
      advice: "Run the command by hand to see what it needs.",
      data: { file, outcome, complaints: last },
      retryable: true,
    });
  }
}

/** A bus that accepted none of the ways to authenticate. */
export class AuthenticationError extends OpError {
  static readonly code = "ERR_DBUS_AUTH";
  static readonly meaning = "A D-Bus bus refused to authenticate this process.";
  readonly code = AuthenticationError.code;

  constructor(problem: string, tried: readonly string[]) {
    super(`The bus refused to authenticate this process: ${problem}.`, {
      advice: "Check which mechanisms the bus allows, and that it knows this user.",
      data: { tried },
    });
  }
}

/** A call that was cut off, or made while there was no connection. It was not repeated and is not going to be. */
export class DisconnectedError extends OpError {
  static readonly code = "ERR_DBUS_DISCONNECTED";
  static readonly meaning = "The connection to a D-Bus bus is gone.";
  readonly code = DisconnectedError.code;

  constructor(what: string, options: { readonly wasSent: boolean; readonly cause?: unknown }) {
    super(`${what} failed because the connection to the bus is gone.`, {
      advice: options.wasSent
        ? "It may or may not have been carried out: check before you repeat it."
        : "It was not sent; try again when the connection is back.",
      data: { what, wasSent: options.wasSent },
      retryable: !options.wasSent,
      cause: options.cause,
    });
  }
}

/** A call that the other side answered with an error; `errorName` is the error's D-Bus name. */
export class CallFailedError extends OpError {
  static readonly code = "ERR_DBUS_CALL_FAILED";
  static readonly meaning = "A D-Bus service answered a call with an error.";
  readonly code = CallFailedError.code;
  readonly errorName: string;

  constructor(what: string, errorName: string, text: string) {
    const advice = adviceFor[errorName];
    super(`${what} failed with ${errorName}${text === "" ? "" : `: ${text}`}`, {
      data: { what, errorName, text: clip(text) },
      retryable: retryableNames.has(errorName),
      ...(advice === undefined ? {} : { advice }),
    });
    this.errorName = errorName;
  }
}

/** A call that nobody answered in time. */
export class CallTimeoutError extends OpError {
  static readonly code = "ERR_DBUS_TIMEOUT";
  static readonly meaning = "A D-Bus service did not answer a call in time.";
  readonly code = CallTimeoutError.code;

  constructor(what: string, timeoutMs: number, wasSent: boolean) {
    const waited = wasSent ? "was not answered" : "did not get its turn";
    super(`${what} ${waited} within ${timeoutMs} ms.`, {
      advice: wasSent
        ? "The service may be busy, hung or still working: check before you repeat it."
        : "Too many earlier calls are still unanswered; try again later.",
      data: { what, timeoutMs, wasSent },
      retryable: !wasSent,
    });
  }
}

/** A reply, property or signal whose type is not the one that was agreed on. */
export class UnexpectedTypeError extends OpError {
  static readonly code = "ERR_DBUS_UNEXPECTED_TYPE";
  static readonly meaning = "A D-Bus service answered with another type than its interface says.";
  readonly code = UnexpectedTypeError.code;

  constructor(what: string, expected: string, found: string) {
    super(`${what} has type ${quote(found)} where ${quote(expected)} was expected.`, {
      advice: "The service has another version of the interface than this program knows.",
      data: { what, expected, found },
    });
  }
}

/** A well-known name that the bus did not give to this connection. */
export class NameTakenError extends OpError {
  static readonly code = "ERR_DBUS_NAME_TAKEN";
  static readonly meaning = "A D-Bus name belongs to another process.";
  readonly code = NameTakenError.code;

  constructor(name: string) {
    super(`The bus name ${quote(name)} belongs to another connection.`, {
      advice: "Stop its owner, or allow replacing it.",
      data: { name },
    });
  }
}

/** An introspection document that cannot be used. */
export class IntrospectionError extends OpError {
  static readonly code = "ERR_DBUS_INTROSPECTION";
  static readonly meaning = "A D-Bus introspection document is malformed or too large.";
  readonly code = IntrospectionError.code;

  constructor(problem: string, position?: number) {
    const where = position === undefined ? "" : ` at character ${position}`;
    super(`The introspection document is unusable${where}: ${problem}.`, { data: { problem } });
  }
}

/** Something the dbus-next package could not do; its own error is the cause. */
export class DbusNextError extends OpError {
  static readonly code = "ERR_DBUS_NEXT";
  static readonly meaning = "The dbus-next package could not send or read a message.";
  readonly code = DbusNextError.code;

  constructor(what: string, cause: unknown) {
    super(`${what} is more than the dbus-next package can do.`, {
      advice: "Use op-dbus's own connection, which carries every type.",
      data: { what },
      cause,
    });
  }
}

/** Every error this package throws. */
export type AnyDBusError =
  | InvalidNameError
  | InvalidSignatureError
  | InvalidValueError
  | MessageTooLargeError
  | UnixFdError
  | MalformedMessageError
  | InvalidAddressError
  | ConnectError
  | CommandEndedError
  | AuthenticationError
  | DisconnectedError
  | CallFailedError
  | CallTimeoutError
  | UnexpectedTypeError
  | NameTakenError
  | DbusNextError
  | IntrospectionError;

const retryableNames: ReadonlySet<string> = new Set([
  "org.freedesktop.DBus.Error.LimitsExceeded",
  "org.freedesktop.DBus.Error.NoReply",
  "org.freedesktop.DBus.Error.Timeout",
]);

const adviceFor: Readonly<Partial<Record<string, string>>> = {
  "org.freedesktop.DBus.Error.ServiceUnknown":
    "No such service runs or can be started on this bus.",
  "org.freedesktop.DBus.Error.NameHasNoOwner": "The service does not run; start it first.",
  "org.freedesktop.DBus.Error.AccessDenied":
    "The bus or the service does not allow this to this user.",
  "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired":
    "A person has to authorise this: allow interactive authorization, or grant it by a polkit rule.",
};

/** Quotes text from outside, so that it can neither hide nor flood a message. */
function quote(text: string): string {
  return JSON.stringify(clip(text));
}

function clip(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
