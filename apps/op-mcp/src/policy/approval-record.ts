import type { Approval, PendingApproval } from "./approval-store.ts";

/** Reads a call that waits, as JSON; nothing where it is none. */
export function parsePendingApproval(text: string | undefined): PendingApproval | undefined {
  const fields = toFields(text);
  const codeDigest = textOf(fields, "codeDigest");
  const summary = textOf(fields, "summary");
  const requestedAtMs = numberOf(fields, "requestedAtMs");
  const common = commonOf(fields);
  if (codeDigest === undefined || summary === undefined) return undefined;
  if (requestedAtMs === undefined || common === undefined) return undefined;
  return { codeDigest, summary, requestedAtMs, ...common };
}

/** Reads an approval, as JSON; nothing where it is none. */
export function parseApproval(text: string | undefined): Approval | undefined {
  const fields = toFields(text);
  const by = textOf(fields, "by");
  const approvedAtMs = numberOf(fields, "approvedAtMs");
  const common = commonOf(fields);
  if (by === undefined || approvedAtMs === undefined || common === undefined) return undefined;
  return { by, approvedAtMs, ...common };
}

type Fields = ReadonlyMap<string, unknown>;
type Common = Pick<Approval, "callDigest" | "principalId" | "expiresAtMs">;

function toFields(text: string | undefined): Fields {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return new Map(Object.entries(typeof value === "object" && value !== null ? value : {}));
  } catch {
    return new Map(); // A torn record approves nothing.
  }
}

function commonOf(fields: Fields): Common | undefined {
  const callDigest = textOf(fields, "callDigest");
  const principalId = textOf(fields, "principalId");
  const expiresAtMs = numberOf(fields, "expiresAtMs");
  if (callDigest === undefined || principalId === undefined) return undefined;
  return expiresAtMs === undefined ? undefined : { callDigest, principalId, expiresAtMs };
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  return typeof value === "string" ? value : undefined;
}

function numberOf(fields: Fields, name: string): number | undefined {
  const value = fields.get(name);
  return typeof value === "number" ? value : undefined;
}
