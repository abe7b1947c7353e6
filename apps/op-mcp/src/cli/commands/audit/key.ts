import { findVerifiers } from "../../../audit/audit-verifiers.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp audit key`: the public half of the key that signs, to be kept off this machine. */
export const runAuditKey: RunCommand = async (context) => {
  const [verifier = ""] = await findVerifiers(await findAuditPlaces(context), []);
  if (context.flags.has("json")) context.screen.json({ verifier });
  else context.screen.line(verifier);
  return exitCodes.ok;
};
