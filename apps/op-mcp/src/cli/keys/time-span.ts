import { UsageError } from "../cli-error.ts";

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
};

/** Reads a time such as `90d`, `12h`, `30m`, `45s` or `0`, in milliseconds. */
export function parseTimeSpan(flag: string, text: string): number {
  if (text === "0") return 0;
  const [, count = "", unit = ""] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  if (count !== "" && Number.isFinite(ms)) return ms;
  throw new UsageError(`--${flag} cannot be ${JSON.stringify(text)}.`, {
    advice: "Write a number and s, m, h or d, as in 90d.",
  });
}
