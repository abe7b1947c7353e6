import { CallFailedError, type BusConnection } from "op-dbus";
import { classify } from "op-dbus/access";
import { createSystemdManager, createSystemdUnit } from "op-dbus/systemd";
import { operationFailure } from "../../serving/operation-failure.ts";
import type { ChangedLink, SystemdBus, UnitFileChange, UnitJob } from "../systemd/systemd-bus.ts";
import { quote } from "../text/quote.ts";
import { onBus } from "./bus-failure.ts";

const service = "org.freedesktop.systemd1";

const jobs = {
  start: "StartUnit",
  stop: "StopUnit",
  restart: "RestartUnit",
  reload: "ReloadUnit",
} as const satisfies Record<UnitJob, string>;

const fileChanges = {
  enable: "EnableUnitFiles",
  disable: "DisableUnitFiles",
  mask: "MaskUnitFiles",
  unmask: "UnmaskUnitFiles",
} as const satisfies Record<UnitFileChange, string>;

/** What changes units. What ends the running system, or what it stands on, is refused. */
export function createUnitChanges(
  bus: BusConnection,
): Pick<SystemdBus, "hold" | "runJob" | "changeFile"> {
  return {
    hold: async (unit, { signal }) => {
      const held = createSystemdUnit(bus, unit);
      await onBus(`Looking at ${unit}`, async () => await held.call("Ref", [], { signal }));
      // Where it can't be let go the connection is gone, and with it what it held.
      const letGo = async () => await held.call("Unref", []).then(nothing, nothing);
      return { [Symbol.asyncDispose]: letGo };
    },
    runJob: async (job, unit, { signal }) => {
      const what: UnitOrder<(typeof jobs)[UnitJob]> = { member: jobs[job], unit };
      await checkAllowed(bus, what, signal);
      return await onBus(`The ${job} of ${unit}`, async () => await runJob(bus, what, signal));
    },
    changeFile: async (change, unit, { signal, isRuntime }) => {
      await checkAllowed(bus, { member: fileChanges[change], unit }, signal);
      return await onBus(`Trying to ${change} ${unit}`, async () => {
        const done = await changeFile(bus, change, { unit, isRuntime, signal });
        await createSystemdManager(bus).call("Reload", [], { signal });
        return done;
      });
    },
  };
}

const nothing = () => undefined;

interface UnitOrder<Member = (typeof jobs)[UnitJob] | (typeof fileChanges)[UnitFileChange]> {
  readonly member: Member;
  readonly unit: string;
}

/** Whichever of its names a unit is asked for by: a harmless one may stand for a grave one. */
async function checkAllowed(
  bus: BusConnection,
  { member, unit }: UnitOrder,
  signal: AbortSignal,
): Promise<void> {
  const unitNames = await onBus(`Looking at ${unit}`, async () => {
    return await createSystemdUnit(bus, unit).get("Names", { signal });
  });
  const about = { service, interface: `${service}.Manager`, args: { name: unit }, unitNames };
  const own = classify({ ...about, member, kind: "call" });
  // What else stops with a unit is known for stopping it.
  const stopping = classify({ ...about, member: "StopUnit", kind: "call" });
  const stops = /^(?:Stop|Restart|Mask)/u.test(member) && stopping.class !== "change";
  if (own.class !== "forbidden" && !stops) return;
  throw operationFailure({
    code: "ERR_UNIT_REFUSED",
    message: `${member} of ${quote(unit)} is not done: ${(stops ? stopping : own).reason}`,
    advice: "If it has to be, ask a person to do it with systemctl.",
  });
}

/** Waits for the end of the very job: systemd tells of that, while the unit's state tells of others too. */
async function runJob(
  bus: BusConnection,
  { member, unit }: UnitOrder<(typeof jobs)[UnitJob]>,
  signal: AbortSignal,
): Promise<string> {
  const manager = createSystemdManager(bus);
  await subscribe(bus, signal);
  await using ended = await manager.subscribe("JobRemoved", { signal });
  await using life = bus.events({ signal });
  const [path] = await manager.call(member, [unit, "replace"], { signal });
  const removed = async () => {
    for await (const { body } of ended) if (body[1] === path) return body[3];
    return "unknown";
  };
  const lost = async () => {
    for await (const event of life) if (event.kind === "disconnected") throw event.error;
    return "unknown";
  };
  return await Promise.race([removed(), lost()]);
}

/** Makes systemd send its signals to this connection; once is enough. */
async function subscribe(bus: BusConnection, signal: AbortSignal): Promise<void> {
  try {
    await createSystemdManager(bus).call("Subscribe", [], { signal });
  } catch (error) {
    const isSubscribed =
      error instanceof CallFailedError && error.errorName === `${service}.AlreadySubscribed`;
    if (!isSubscribed) throw error;
  }
}

interface FileChangeParts {
  readonly unit: string;
  readonly isRuntime: boolean;
  readonly signal: AbortSignal;
}

async function changeFile(
  bus: BusConnection,
  change: UnitFileChange,
  { unit, isRuntime, signal }: FileChangeParts,
): ReturnType<SystemdBus["changeFile"]> {
  const manager = createSystemdManager(bus);
  const named = [unit];
  if (change === "enable") {
    const [hasInstall, rows] = await manager.call("EnableUnitFiles", [named, isRuntime, false], {
      signal,
    });
    return { hasInstall, links: rows.map(toLink) };
  }
  const [rows] =
    change === "mask"
      ? await manager.call("MaskUnitFiles", [named, isRuntime, false], { signal })
      : await manager.call(fileChanges[change], [named, isRuntime], { signal });
  return { hasInstall: true, links: rows.map(toLink) };
}

function toLink([kind, path, target]: readonly [string, string, string]): ChangedLink {
  return { kind, path, target };
}
