import type { ApiKeyInfo } from "../../../auth/keys/api-keys.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Cell } from "../../format-table.ts";
import { openOwnKeys } from "../../keys/own-keys.ts";

/** `op-mcp keys list`: every key, also those that have ended. */
export const runKeysList: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const keys = await openOwnKeys(context);
  const all = await keys.list({ signal });
  if (flags.has("json")) screen.json(all);
  else if (all.length === 0) screen.line("There is no key. Make one by op-mcp keys create NAME.");
  else {
    const rows = all.map((key) => toRow(key, (text) => screen.text(text)));
    screen.table(["ID", "Name", "Scopes", "State", "Ends", "Last used"], rows);
  }
  return exitCodes.ok;
};

function toRow(key: ApiKeyInfo, safe: (text: string) => string): readonly Cell[] {
  const { id, name, scopes, expiresAtMs, lastUsedAtMs } = key;
  return [
    { text: id },
    { text: safe(name) },
    { text: safe(scopes.join(" ")) },
    stateOf(key),
    { text: day(expiresAtMs) },
    { text: day(lastUsedAtMs) },
  ];
}

function stateOf({ revokedAtMs, usableSecrets }: ApiKeyInfo): Cell {
  if (revokedAtMs !== undefined) return { text: "revoked", look: "red" };
  if (usableSecrets === 0) return { text: "expired", look: "red" };
  if (usableSecrets > 1) return { text: "rotating", look: "yellow" };
  return { text: "good", look: "green" };
}

function day(ms: number | undefined): string {
  return ms === undefined ? "–" : new Date(ms).toISOString().slice(0, 10);
}
