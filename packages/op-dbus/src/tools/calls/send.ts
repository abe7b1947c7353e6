import { inSpan, type SpanPart } from "op-core";
import type {
  BusConnection,
  CallOptions,
  MethodCall,
  MethodReply,
} from "../../connection/bus-connection.ts";
import { CallFailedError } from "../../dbus-error.ts";
import type { BusTarget } from "../buses/bus-target.ts";
import { AuthorizationNeededError, OwnerChangedError } from "../dbus-tools-error.ts";
import type { CallOrigin } from "./decide.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { nameOf, type Verdict } from "../gate/gate.ts";

/** A message that was decided about, and how it travels. */
export interface Sending {
  readonly bus: BusConnection;
  readonly target: BusTarget;
  readonly verdict: Verdict;
  readonly call: Omit<MethodCall, "destination">;
  readonly noReply?: boolean;
  readonly origin: CallOrigin;
  readonly signal: AbortSignal;
}

/** How errors end by which services refuse: NetworkManager, UDisks2, ModemManager and others have their own of each. */
const refusal =
  /\.(?:AccessDenied|AccessDeniedError|AuthFailed|InteractiveAuthorizationRequired|NotAuthorized\w*|PermissionDenied|RefusedByPolicy|Unauthorized)$/;

/**
 * Sends what was allowed. Beyond observing, it goes to the very connection that was found to own the service's name, so
 * that nobody can take its place in between. Rejects with `ERR_DBUS_AUTHORIZATION` where the service or the bus refuses.
 */
export async function send(runtime: DBusRuntime, sending: Sending): Promise<MethodReply> {
  const { bus, verdict, call, noReply = false, origin, signal } = sending;
  const { operation, classification, decision } = verdict;
  const { times } = runtime;
  const isInteractive = decision.interactiveAuth;
  const options: CallOptions = {
    signal,
    timeoutMs: isInteractive ? times.interactiveTimeoutMs : times.callTimeoutMs,
    interactiveAuthorization: isInteractive,
    noReply,
  };
  const destination =
    classification.class === "observe" ? operation.service : await pinOwner(runtime, sending);
  try {
    return await inSpan(origin.span, spanOf(sending), () =>
      bus.call({ destination, ...call }, options),
    );
  } catch (error) {
    if (!(error instanceof CallFailedError) || !refusal.test(error.errorName)) throw error;
    throw new AuthorizationNeededError(nameOf(operation), {
      polkit: classification.needsPolkit,
      cause: error,
    });
  }
}

/** A call of a bus as a trace shows it: who is asked for what, and not with which arguments. */
function spanOf({ target, verdict, call }: Sending): SpanPart {
  const { service } = verdict.operation;
  return {
    name: `${call.interface ?? service}.${call.member}`,
    kind: "client",
    attributes: {
      "rpc.system": "dbus",
      "rpc.service": service,
      "rpc.method": call.member,
      "op_mcp.bus": target.name,
    },
  };
}

async function pinOwner(
  { trust, times, expected }: DBusRuntime,
  { bus, target, verdict, origin, signal }: Sending,
): Promise<string> {
  const { service } = verdict.operation;
  const timeoutMs = times.callTimeoutMs;
  const owner = await trust.pin(bus, { target, service }, { signal, timeoutMs });
  if (!expected.isExpected(origin.requestId, service, owner)) throw new OwnerChangedError(service);
  return owner;
}
