import { CallFailedError, Variant, type BusConnection } from "op-dbus";
import { createSystemdManager, createSystemdUnit } from "op-dbus/systemd";
import { StateChangeError } from "../../state-error.ts";

/** A unit as systemd knows it. */
export interface KnownUnit {
  /** As `systemctl is-enabled` says it; empty when there is no such file. */
  readonly fileState: string;
  readonly isLoaded: boolean;
  readonly isActive: boolean;
}

/** What can be asked of systemd about units, and done with them. Every call ends with its signal. */
export interface UnitBus {
  look(unit: string, signal: AbortSignal): Promise<KnownUnit>;
  /** Whether a file describes the unit, one that a generator wrote too. */
  isDescribed(unit: string, signal: AbortSignal): Promise<boolean>;
  /** Resolves when systemd has done it. Rejects with `ERR_STATE_CHANGE` when it could not. */
  run(job: UnitJob, unit: string, signal: AbortSignal): Promise<void>;
  /** Mounts what no file describes. Resolves and rejects as `run` does. */
  mount(unit: string, mount: TransientMount, signal: AbortSignal): Promise<void>;
  /** Rejects with `ERR_STATE_CHANGE` when the unit has nothing to enable. */
  enable(unit: string, signal: AbortSignal): Promise<void>;
  disable(unit: string, signal: AbortSignal): Promise<void>;
  mask(unit: string, signal: AbortSignal): Promise<void>;
  unmask(unit: string, signal: AbortSignal): Promise<void>;
  reload(signal: AbortSignal): Promise<void>;
}

/** What systemd makes a job of. */
export type UnitJob = "StartUnit" | "StopUnit" | "RestartUnit" | "ReloadUnit";

/** What is mounted by a unit without a file. */
export interface TransientMount {
  readonly source: string;
  readonly type: string;
  readonly options: string;
}

const active = new Set(["active", "reloading", "activating", "refreshing"]);

/** Speaks with systemd about units. */
export function createUnitBus(bus: BusConnection): UnitBus {
  const manager = createSystemdManager(bus);
  return {
    look: async (unit, signal) => {
      const [[fileState], isLoaded] = await Promise.all([
        unless(noFile, [""] as const, manager.call("GetUnitFileState", [unit], { signal })),
        unless(noUnit, false, isUnitLoaded(bus, unit, signal)),
      ]);
      if (!isLoaded) return { fileState, isLoaded, isActive: false };
      const state = await createSystemdUnit(bus, unit).get("ActiveState", { signal });
      return { fileState, isLoaded, isActive: active.has(state) };
    },
    isDescribed: async (unit, signal) => {
      await manager.call("LoadUnit", [unit], { signal });
      const path = await createSystemdUnit(bus, unit).get("FragmentPath", { signal });
      return path !== "" && !path.startsWith("/run/systemd/transient/");
    },
    run: (job, unit, signal) =>
      finish(bus, { job, unit, signal }, async () => {
        const [path] = await manager.call(job, [unit, "replace"], { signal });
        return path;
      }),
    mount: (unit, { source, type, options }, signal) =>
      finish(bus, { job: "StartTransientUnit", unit, signal }, async () => {
        const properties = Object.entries({ What: source, Type: type, Options: options });
        const variants = properties.map(
          ([name, value]) => [name, new Variant("s", value)] as const,
        );
        const args = [unit, "replace", variants, []] as const;
        const [path] = await manager.call("StartTransientUnit", args, { signal });
        return path;
      }),
    enable: async (unit, signal) => {
      const [isInstallable] = await manager.call("EnableUnitFiles", [[unit], false, false], {
        signal,
      });
      if (!isInstallable) {
        throw new StateChangeError(`units:${unit}`, "it has no [Install] section to enable.");
      }
    },
    disable: async (unit, signal) => {
      await manager.call("DisableUnitFiles", [[unit], false], { signal });
    },
    mask: async (unit, signal) => {
      await manager.call("MaskUnitFiles", [[unit], false, false], { signal });
    },
    unmask: async (unit, signal) => {
      await manager.call("UnmaskUnitFiles", [[unit], false], { signal });
    },
    reload: async (signal) => {
      await manager.call("Reload", [], { signal });
    },
  };
}

interface Awaited {
  readonly job: string;
  readonly unit: string;
  readonly signal: AbortSignal;
}

/** Starts a job and waits for its end. */
async function finish(
  bus: BusConnection,
  { job, unit, signal }: Awaited,
  start: () => Promise<string>,
): Promise<void> {
  await subscribe(bus, signal);
  await using ended = await createSystemdManager(bus).subscribe("JobRemoved", { signal });
  const path = await start();
  for await (const { body } of ended) {
    if (body[1] !== path) continue;
    if (body[3] === "done" || body[3] === "skipped") return;
    const advice = `Read its log: journalctl -u ${unit}.`;
    throw new StateChangeError(`units:${unit}`, `${job} ended with ${body[3]}.`, { advice });
  }
}

const noFile = ["org.freedesktop.DBus.Error.FileNotFound", "org.freedesktop.systemd1.NoSuchUnit"];
const noUnit = ["org.freedesktop.systemd1.NoSuchUnit"];

/** Makes systemd send its signals to this connection; once is enough. */
export async function subscribe(bus: BusConnection, signal: AbortSignal): Promise<void> {
  const call = createSystemdManager(bus).call("Subscribe", [], { signal });
  await unless(["org.freedesktop.systemd1.AlreadySubscribed"], [] as const, call);
}

/** systemd keeps objects of units that it did not find as long as somebody mentions them. */
async function isUnitLoaded(
  bus: BusConnection,
  unit: string,
  signal: AbortSignal,
): Promise<boolean> {
  await createSystemdManager(bus).call("GetUnit", [unit], { signal });
  return (await createSystemdUnit(bus, unit).get("LoadState", { signal })) !== "not-found";
}

/** Takes some answers that are errors for what they mean. */
async function unless<T, U>(
  names: readonly string[],
  otherwise: U,
  call: Promise<T>,
): Promise<T | U> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFailedError && names.includes(error.errorName)) return otherwise;
    throw error;
  }
}
