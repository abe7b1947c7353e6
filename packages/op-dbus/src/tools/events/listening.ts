import type { BusOperation } from "../../access/bus-operation.ts";
import type { Caller } from "../../access/access-decision.ts";
import type { EventStream, Signal } from "../../connection/bus-connection.ts";
import { parseInterfaceName } from "../../names/interface-name.ts";
import { parseMemberName } from "../../names/member-name.ts";
import { parseObjectPath } from "../../names/object-path.ts";
import { parseWellKnownName } from "../../names/bus-name.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import { mayRead } from "../calls/withhold.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { denialOf } from "../gate/gate.ts";
import type { BusEvent } from "./event-ring.ts";
import { toEvent } from "./signal-event.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** Which signals are listened to; what is left out may be anything. */
export interface SignalSelection {
  readonly service: string;
  readonly interface?: string | undefined;
  readonly member?: string | undefined;
  readonly path?: string | undefined;
  readonly pathNamespace?: string | undefined;
}

/** Who listens to what, on which bus. */
export interface Listening {
  readonly runtime: DBusRuntime;
  readonly catalogue: BusCatalogue;
  readonly selection: SignalSelection;
  readonly caller: Caller;
}

/** Refuses signals that the caller may not hear of; throws `ERR_DBUS_ACCESS_DENIED` or `ERR_DBUS_NAME`. */
export function checkListening({ runtime, catalogue, selection, caller }: Listening): void {
  const { interface: interfaceName, member, path, pathNamespace } = selection;
  parseWellKnownName(selection.service);
  for (const value of [path, pathNamespace]) if (value !== undefined) parseObjectPath(value);
  if (interfaceName !== undefined) parseInterfaceName(interfaceName);
  if (member !== undefined) parseMemberName(member);
  // Of what is not said, each signal is decided about by itself when it comes.
  if (interfaceName === undefined || member === undefined) return;
  const operation: BusOperation = {
    bus: catalogue.target.name,
    service: selection.service,
    interface: interfaceName,
    member,
    kind: "listen",
    path: path ?? pathNamespace ?? "/",
    args: {},
  };
  const verdict = runtime.gate.judge(operation, caller);
  if (verdict.decision.verdict === "deny") throw denialOf(verdict);
}

/** Begins to take signals in; none that is sent after this resolves is missed. */
export async function openSignals(
  { catalogue, selection }: Pick<Listening, "catalogue" | "selection">,
  signal: AbortSignal,
): Promise<EventStream<Signal>> {
  const { service, interface: interfaceName, member, path, pathNamespace } = selection;
  const bus = await catalogue.connection(signal);
  return await bus.subscribe(
    {
      sender: service,
      ...(path === undefined ? {} : { path }),
      ...(pathNamespace === undefined ? {} : { pathNamespace }),
      ...(interfaceName === undefined ? {} : { interface: interfaceName }),
      ...(member === undefined ? {} : { member }),
    },
    { bufferSize: signalBuffer },
  );
}

const signalBuffer = 4096;

/** A signal as the caller may hear of it: not at all, or without the properties that it may not read. */
export function tellSignal(
  { runtime, catalogue, selection, caller }: Listening,
  signal: Signal,
): BusEvent | undefined {
  const { service } = selection;
  const entry = catalogue.knownInterface(service, signal.interface);
  const event = toEvent(signal, runtime.clock.now(), entry);
  const operation: BusOperation = {
    bus: catalogue.target.name,
    service,
    interface: signal.interface,
    member: signal.member,
    kind: "listen",
    path: signal.path,
    args: event.args,
  };
  const { decision } = runtime.gate.judge(operation, caller);
  if (decision.verdict === "deny" || decision.needsApproval) return undefined;
  return withoutSecrets(event, (place) =>
    mayRead(runtime, caller, { ...place, catalogue, service }),
  );
}
