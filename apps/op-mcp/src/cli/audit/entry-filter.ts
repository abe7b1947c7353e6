import { AuditEventName, AuditOutcome, AuditRisk, type AuditFilter } from "op-audit";
import { UsageError } from "../cli-error.ts";
import type { FlagValues } from "../flags.ts";

const kinds = ["call-began", "call-ended", "event"] as const;

/** What the flags say about which entries are wanted. */
export function readEntryFilter(flags: FlagValues, text: string, nowMs: number): AuditFilter {
  const from = readTime("since", flags, nowMs);
  const to = readTime("until", flags, nowMs);
  const named = {
    principal: flags.text("principal"),
    tool: flags.text("tool"),
    sessionId: flags.text("session"),
    outcome: oneOf("outcome", AuditOutcome.options, flags),
    risk: oneOf("risk", AuditRisk.options, flags),
    event: oneOf("event", AuditEventName.options, flags),
    kind: oneOf("kind", kinds, flags),
    fromMs: from,
    toMs: to,
    text: text === "" ? undefined : text,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function oneOf<Value extends string>(
  flag: string,
  values: readonly Value[],
  flags: FlagValues,
): Value | undefined {
  const text = flags.text(flag);
  if (text === undefined) return undefined;
  const value = values.find((each) => each === text);
  if (value !== undefined) return value;
  throw new UsageError(`--${flag} cannot be ${JSON.stringify(text)}.`, {
    advice: `It is one of ${values.join(", ")}.`,
  });
}

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A moment: so long ago, as in `90m` or `2d`, or a date as in `2026-05-01T12:00`. */
function readTime(flag: string, flags: FlagValues, nowMs: number): number | undefined {
  const text = flags.text(flag);
  if (text === undefined) return undefined;
  const [, amount = "", unit = ""] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const ms = amount === "" ? Date.parse(text) : nowMs - Number(amount) * (units[unit] ?? 0);
  if (!Number.isNaN(ms)) return ms;
  throw new UsageError(`--${flag} cannot be ${JSON.stringify(text)}.`, {
    advice: "Give it a time such as 90m, 2d, or 2026-05-01T12:00.",
  });
}

/** How many entries are wanted. */
export function readCount(flag: string, flags: FlagValues, otherwise: number): number {
  const text = flags.text(flag);
  if (text === undefined) return otherwise;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new UsageError(`--${flag} cannot be ${JSON.stringify(text)}.`, {
    advice: `Give it a number, for example --${flag} 50.`,
  });
}
