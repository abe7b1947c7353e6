import type { JsonObject } from "op-core";
import type { DesiredValue, ResourceChange } from "../../plugin/state-plugin.ts";
import type { FstabEntry } from "./fstab.ts";
import { parseMountDesired, type MountDesired } from "./mount-desired.ts";

/** What a mount comes to. */
export interface MountGoal {
  readonly entry: FstabEntry;
  readonly isMounted: boolean;
}

/** What is declared, on top of the entry there is. Source and type are empty when nobody says them. */
export function goalOf(
  target: string,
  wanted: MountDesired,
  current: FstabEntry | undefined,
): MountGoal {
  const options = wanted.options ?? current?.options ?? ["defaults"];
  return {
    entry: {
      target,
      source: wanted.source ?? current?.source ?? "",
      type: wanted.type ?? current?.type ?? "",
      options,
      dump: current?.dump ?? 0,
      pass: wanted.pass ?? current?.pass ?? 0,
    },
    isMounted: wanted.mounted ?? !options.includes("noauto"),
  };
}

/** What has to happen to a mount; undefined when it is as desired. */
export function diffMount(
  { key, desired }: DesiredValue,
  before: JsonObject | null,
  entry: FstabEntry | undefined,
): ResourceChange | undefined {
  // What is only in memory is gone when it is unmounted.
  const isVolatile = before?.["mounted"] === true && ["tmpfs", "ramfs"].includes(typeOf(before));
  const change = { key, desired, before, requires: [] };
  if (desired === null) {
    if (before === null) return undefined;
    return {
      ...change,
      action: "delete",
      risk: "destructive",
      isReversible: !isVolatile,
      after: null,
    };
  }
  const goal = goalOf(key, parseMountDesired(desired), entry);
  const { source, type, options, pass } = goal.entry;
  const after = { source, type, options: options.join(","), pass, mounted: goal.isMounted };
  const names = ["source", "type", "options", "pass", "mounted"] as const;
  const isSame =
    before !== null &&
    before["inFstab"] !== false &&
    names.every((name) => before[name] === after[name]) &&
    !(goal.isMounted && before["flagsNow"] !== undefined);
  if (isSame) return undefined;
  const isReplaced = before !== null && isToUnmount(before, goal);
  return {
    ...change,
    action: before === null ? "create" : "update",
    risk: "privileged",
    isReversible: !(isVolatile && isReplaced),
    after,
  };
}

/** Whether what is mounted has to go before something else can be there. */
export function isToUnmount(before: JsonObject, { entry, isMounted }: MountGoal): boolean {
  if (before["mounted"] !== true) return false;
  return !isMounted || before["source"] !== entry.source || before["type"] !== entry.type;
}

function typeOf(value: JsonObject): string {
  return typeof value["type"] === "string" ? value["type"] : "";
}
