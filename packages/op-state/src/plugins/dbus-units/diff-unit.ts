import type { JsonObject, JsonValue } from "op-core";
import type { DesiredValue, Problem, ResourceChange } from "../../plugin/state-plugin.ts";
import { contradictionIn, parseUnitDesired, type UnitDesired } from "./unit-desired.ts";

/** What has to happen to a unit; undefined when it is as desired. */
export function diffUnit(
  { key, desired }: DesiredValue,
  current: JsonObject | null,
): ResourceChange | undefined {
  const change = { key, desired, isReversible: true, requires: [] };
  if (desired === null) {
    if (current === null) return undefined;
    return { ...change, action: "delete", risk: "destructive", before: current, after: null };
  }
  const wanted = flatten(desired);
  const names = Object.keys(wanted).filter(
    (name) => (wanted[name] ?? null) !== (current?.[name] ?? defaults[name] ?? null),
  );
  if (names.length === 0) return undefined;
  const action = current === null ? "create" : "update";
  const before = current === null ? null : pick(current, names);
  return { ...change, action, risk: "privileged", before, after: pick(wanted, names) };
}

/** Says what would make a change fail, as far as the unit itself tells; its file's state is as systemd says it. */
export function checkUnit(
  { key, desired, before, action }: ResourceChange,
  fileState: string,
): readonly Problem[] {
  const problem = (reason: string) => [{ resource: `units:${key}`, reason }];
  if (desired === null) {
    const isOwn = before?.["content"] !== undefined;
    return isOwn ? [] : problem("it comes with a package and cannot be absent: mask it.");
  }
  const wanted = parseUnitDesired(desired);
  const contradiction = contradictionIn(wanted);
  if (contradiction !== undefined) return problem(contradiction);
  const install = installProblem(wanted, fileState);
  if (install !== undefined) return problem(install);
  if (wanted.active === true && key.includes("@.")) {
    const instance = key.replace("@.", "@name.");
    return problem(`it is a template, which runs only by an instance: declare ${instance}.`);
  }
  const isNeeded = wanted.enabled === true || wanted.active === true;
  const isMissing = action === "create" && wanted.content === undefined && isNeeded;
  const [missing] = problem(
    "there is no such unit: declare its content, or require what brings it.",
  );
  return isMissing && missing !== undefined ? [{ ...missing, solvedBy: [] }] : [];
}

/** Only what says who wants it can be enabled. */
function installProblem(wanted: UnitDesired, fileState: string): string | undefined {
  if (wanted.enabled !== true) return undefined;
  const texts = [wanted.content ?? "", ...Object.values(wanted.dropIns ?? {})];
  if (texts.some((text) => /^\[Install\]/mu.test(text ?? ""))) return undefined;
  if (wanted.content !== undefined) return "its content has no [Install] section to enable.";
  const isFixed = fileState === "static" || fileState === "generated";
  return isFixed ? "it has no [Install] section to enable: what needs it starts it." : undefined;
}

/** What a unit that is not there, or that is masked, comes to. */
const defaults: Readonly<Record<string, JsonValue>> = {
  active: false,
  enabled: false,
  masked: false,
};

function flatten(desired: JsonObject): JsonObject {
  const { dropIns = {}, ...rest } = parseUnitDesired(desired);
  const texts = Object.entries(dropIns).map(([name, text]) => [`drop-in ${name}`, text] as const);
  const plain = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries<JsonValue>([...plain, ...texts]);
}

function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined || value === null ? [] : [[name, value] as const];
    }),
  );
}
