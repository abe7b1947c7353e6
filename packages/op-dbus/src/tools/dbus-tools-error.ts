import { OpError, type JsonObject } from "op-core";

/** A bus that is not configured, or that nobody answers on. */
export class BusUnavailableError extends OpError {
  static readonly code = "ERR_DBUS_UNAVAILABLE";
  static readonly meaning = "A D-Bus bus is not configured here or cannot be reached.";
  readonly code = BusUnavailableError.code;

  constructor(
    bus: string,
    problem: string,
    {
      canComeBack = false,
      cause,
    }: { readonly canComeBack?: boolean; readonly cause?: unknown } = {},
  ) {
    super(`The ${quote(bus)} bus is not available: ${problem}`, {
      advice: canComeBack
        ? "Nothing was sent. Try again when the bus is back; the other buses work all the same."
        : "Look at the buses that dbus_services lists.",
      data: { bus },
      retryable: canComeBack,
      cause,
    });
  }
}

/** A service, interface, member or object that is not there. */
export class UnknownMemberError extends OpError {
  static readonly code = "ERR_DBUS_UNKNOWN";
  static readonly meaning = "No D-Bus service, interface, member or object has this name.";
  readonly code = UnknownMemberError.code;

  constructor(what: string, nearest: readonly string[] = []) {
    super(`There is no ${what}.`, {
      advice:
        nearest.length > 0
          ? `Did you mean ${nearest.join(", ")}?`
          : "Find it with dbus_search, dbus_services or dbus_objects.",
      data: { what, nearest },
    });
  }
}

/** An interface that more than one object has, or none that is known, without a path that says which. */
export class PathNeededError extends OpError {
  static readonly code = "ERR_DBUS_PATH_NEEDED";
  static readonly meaning = "A D-Bus interface is not one single object's, so a path is needed.";
  readonly code = PathNeededError.code;

  constructor(interfaceName: string, paths: readonly string[]) {
    const count = paths.length;
    const examples = paths.slice(0, 5).join(", ");
    super(
      count === 0
        ? `No object is known to have the interface ${interfaceName} now.`
        : `${count} objects have the interface ${interfaceName}.`,
      {
        advice: `Pass the path of the object${examples === "" ? "" : `, for example ${examples}`}; dbus_objects lists them.`,
        data: { interface: interfaceName, count, sample: paths.slice(0, 20) },
      },
    );
  }
}

/** An operation that the rules do not allow to this caller. */
export class AccessDeniedError extends OpError {
  static readonly code = "ERR_DBUS_ACCESS_DENIED";
  static readonly meaning = "The rules do not allow a D-Bus operation to this caller.";
  readonly code = AccessDeniedError.code;

  constructor(what: string, denial: Denial) {
    const { reason, howToAllow, rule, accessClass } = denial;
    super(`${what} is not allowed: ${reason}`, {
      ...(howToAllow === undefined ? {} : { advice: howToAllow }),
      data: { what, rule, class: accessClass },
    });
  }
}

/** Why an operation is denied. */
export interface Denial {
  readonly rule: string;
  readonly accessClass: string;
  readonly reason: string;
  readonly howToAllow?: string | undefined;
}

/** A call that changes something, sent where only reading is allowed, or one that a person has to agree to. */
export class NotReadOnlyError extends OpError {
  static readonly code = "ERR_DBUS_NOT_READ_ONLY";
  static readonly meaning = "A D-Bus call was sent to a tool that may not make calls like it.";
  readonly code = NotReadOnlyError.code;

  constructor(what: string, reason: string) {
    super(`${what} cannot be done here: ${reason}`, {
      advice:
        "Use dbus_act for calls that change something or need a yes, dbus_set for properties.",
      data: { what },
    });
  }
}

/** A well-known name of the system bus whose owner runs as somebody it should not. */
export class UntrustedOwnerError extends OpError {
  static readonly code = "ERR_DBUS_UNTRUSTED_OWNER";
  static readonly meaning = "A D-Bus service of the system runs as a user it is not expected to.";
  readonly code = UntrustedOwnerError.code;

  constructor(service: string, owner: string, uid: number | undefined) {
    super(
      `${service} belongs to ${owner}, which runs as ${uid === undefined ? "an unknown user" : `the user with uid ${uid}`}.`,
      {
        advice:
          "Only reading is allowed from it. If this user is right, add it to dbus.trustedUsers for this service.",
        data: { service, owner, ...(uid === undefined ? {} : { uid }) },
      },
    );
  }
}

/** A service that was replaced between being looked at and being called. */
export class OwnerChangedError extends OpError {
  static readonly code = "ERR_DBUS_OWNER_CHANGED";
  static readonly meaning =
    "Another process took a D-Bus service's name after somebody agreed to a call of it.";
  readonly code = OwnerChangedError.code;

  constructor(service: string) {
    super(`${service} is another process now than when the call was looked at; it was not sent.`, {
      advice: "Call again: whoever has to agree is asked about the service as it is now.",
      data: { service },
      retryable: true,
    });
  }
}

/** More objects that are followed than there may be. */
export class TooManySubscriptionsError extends OpError {
  static readonly code = "ERR_DBUS_TOO_MANY_SUBSCRIPTIONS";
  static readonly meaning =
    "More objects of D-Bus are subscribed to than the configuration allows.";
  readonly code = TooManySubscriptionsError.code;

  constructor(service: string, most: number) {
    super(`Signals of ${service} cannot be followed: ${most} subscriptions are held already.`, {
      advice: "Unsubscribe from others first, or raise dbus.events.maxSubscriptions.",
      data: { service, most },
      retryable: true,
    });
  }
}

/** A call that polkit, the service or the bus refused to this process's user. */
export class AuthorizationNeededError extends OpError {
  static readonly code = "ERR_DBUS_AUTHORIZATION";
  static readonly meaning = "A D-Bus service wants a permission that this process does not have.";
  readonly code = AuthorizationNeededError.code;

  constructor(
    what: string,
    details: { readonly polkit?: string | undefined; readonly cause: OpError },
  ) {
    const { polkit, cause } = details;
    const permission = polkit === undefined ? "another permission" : `the polkit action ${polkit}`;
    const data: JsonObject = { what, ...(polkit === undefined ? {} : { polkit }) };
    super(`${what} needs ${permission}: ${cause.message}`, {
      advice: `Run op-mcp as a user who has it${polkit === undefined ? "" : `, or allow ${polkit} to this user in a polkit rule`}.`,
      data,
      cause,
    });
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 200 ? text : `${text.slice(0, 200)}…`);
}
