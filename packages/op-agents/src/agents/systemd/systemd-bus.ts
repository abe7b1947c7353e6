import type { JsonObject } from "op-core";

/** A unit that systemd has in memory. */
export interface UnitRow {
  readonly name: string;
  readonly description: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** What is being done to it, such as `start`; empty when nothing is. */
  readonly job: string;
}

/** A unit's file, whether it is loaded or not. */
export interface UnitFileRow {
  readonly name: string;
  /** As `systemctl is-enabled` says it. */
  readonly state: string;
}

/** A process that belongs to a unit. */
export interface UnitProcess {
  readonly pid: number;
  readonly command: string;
}

/** What systemd makes a job of. */
export type UnitJob = "start" | "stop" | "restart" | "reload";

/** What is done to the files of units. */
export type UnitFileChange = "enable" | "disable" | "mask" | "unmask";

/** A link that was made or taken away. */
export interface ChangedLink {
  readonly kind: string;
  readonly path: string;
  readonly target: string;
}

/** How a call on the bus ends early. */
export interface BusCallOptions {
  readonly signal: AbortSignal;
}

/**
 * What can be asked of systemd. Every method rejects with a failure that says what systemd said; texts come as systemd has
 * them, and are nobody's instructions.
 */
export interface SystemdBus {
  listUnits(
    filter: { readonly states: readonly string[]; readonly patterns: readonly string[] },
    options: BusCallOptions,
  ): Promise<readonly UnitRow[]>;
  /** The units of these names, those that systemd has not loaded too. */
  findUnits(names: readonly string[], options: BusCallOptions): Promise<readonly UnitRow[]>;
  listUnitFiles(
    patterns: readonly string[],
    options: BusCallOptions,
  ): Promise<readonly UnitFileRow[]>;
  /** All properties that a unit has in common with others. */
  unitProperties(unit: string, options: BusCallOptions): Promise<JsonObject>;
  /** All properties that units of its kind have, such as those of services. */
  kindProperties(unit: string, options: BusCallOptions): Promise<JsonObject>;
  processes(unit: string, options: BusCallOptions): Promise<readonly UnitProcess[]>;
  /** Keeps systemd from forgetting a unit, and why it does not run, until it is disposed. */
  hold(unit: string, options: BusCallOptions): Promise<AsyncDisposable>;
  /** Resolves when the job has ended, with its result: `done`, `failed`, `timeout`, `dependency` … */
  runJob(job: UnitJob, unit: string, options: BusCallOptions): Promise<string>;
  /** Changes links and has systemd read its files again. `hasInstall` is false where there was nothing to enable. */
  changeFile(
    change: UnitFileChange,
    unit: string,
    options: BusCallOptions & { readonly isRuntime: boolean },
  ): Promise<{ readonly hasInstall: boolean; readonly links: readonly ChangedLink[] }>;
}
