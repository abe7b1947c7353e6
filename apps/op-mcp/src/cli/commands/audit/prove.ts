import { proveEntry } from "op-audit";
import { placeOf } from "../../../audit/audit-places.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import { parseEntryName } from "../../audit/entry-name.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp audit prove LOG:ENTRY`: a document that proves the entry to whoever has the key's public half. */
export const runAuditProve: RunCommand = async (context) => {
  const [name = ""] = context.positionals;
  const { log, seq } = parseEntryName(name);
  const { root } = await findAuditPlaces(context);
  const { directory } = placeOf(root, Number(log));
  context.screen.json(await proveEntry({ directory, seq, signal: context.signal }));
  return exitCodes.ok;
};
