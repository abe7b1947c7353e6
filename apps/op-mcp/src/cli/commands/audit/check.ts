import { readFile } from "node:fs/promises";
import { verifyProof } from "op-audit";
import { findVerifiers } from "../../../audit/audit-verifiers.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import { InputUnreadableError } from "../../cli-error.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp audit check FILE`: whether a proof proves its entry. */
export const runAuditCheck: RunCommand = async (context) => {
  const { flags, screen } = context;
  const [file = ""] = context.positionals;
  const proof = await readProof(file);
  const named = flags.all("key");
  // With a key of its own it needs no configuration, and runs where there is no log.
  const verifiers =
    named.length > 0 ? named : await findVerifiers(await findAuditPlaces(context), []);
  const { entry, checkpoint, signedBy } = verifyProof(proof, verifiers);
  if (flags.has("json")) screen.json({ isProved: true, entry, checkpoint, signedBy });
  else {
    screen.line(
      `${screen.paint("Proved", "green")} by ${signedBy.map((name) => screen.text(name)).join(", ")}:`,
    );
    screen.json(entry);
  }
  return exitCodes.ok;
};

async function readProof(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new InputUnreadableError(`The proof ${JSON.stringify(file)} cannot be read.`, {
      cause: error,
      advice: "Name a file that `op-mcp audit prove` wrote.",
    });
  }
}
