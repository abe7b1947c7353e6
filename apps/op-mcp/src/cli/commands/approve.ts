import { userInfo } from "node:os";
import { approvalsDirectory } from "../../access/approvals-directory.ts";
import { resolveDirectories } from "../../config/directories.ts";
import { createApprovalCodes, type ApprovalCodes } from "../../policy/approval-codes.ts";
import { createApprovalFiles } from "../../policy/approval-files.ts";
import type { PendingApproval } from "../../policy/approval-store.ts";
import { createTerminalAsk } from "../ask-on-terminal.ts";
import type { CommandContext, RunCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

/** `op-mcp approve [CODE]`: approves the call that waits for a code, or lists those that wait. */
export const runApprove: RunCommand = async (context) => {
  const [code] = context.positionals;
  const { config } = await context.loadConfig();
  const directory = approvalsDirectory(resolveDirectories(config.paths, context.io.env));
  const store = createApprovalFiles(directory);
  const codes = createApprovalCodes({ store, ttlMs: config.policy.approval.codeMs });
  if (code === undefined) {
    list(context, codes.pending());
    return exitCodes.ok;
  }
  return await approve(context, code, codes);
};

function list({ flags, screen }: CommandContext, pending: readonly PendingApproval[]): void {
  if (flags.has("json")) screen.json(pending.map(toJson));
  else if (pending.length === 0) screen.line("No call waits for approval.");
  else {
    const rows = pending.map(({ principalId, summary, expiresAtMs }) => [
      { text: principalId },
      { text: new Date(expiresAtMs).toISOString() },
      { text: summary.replaceAll("\n", "; ") },
    ]);
    screen.table(["WHO", "UNTIL", "WHAT"], rows);
  }
}

async function approve(
  context: CommandContext,
  code: string,
  codes: ApprovalCodes,
): Promise<(typeof exitCodes)["ok" | "denied"]> {
  const { flags, screen, io, signal } = context;
  const by = `unix:uid=${userInfo().uid}`;
  const pending = codes.look(code, by);
  if (!flags.has("yes")) {
    const message = `${pending.principalId} asks: ${pending.summary}`;
    const schema = { type: "object", properties: {} } as const;
    const { action } = await createTerminalAsk(io, signal)({ key: "approve", message, schema });
    if (action !== "accept") return exitCodes.denied;
  }
  codes.approve(code, by);
  if (flags.has("json")) screen.json({ isApproved: true, ...toJson(pending) });
  else screen.line("Approved: the very same call may now be made, once.");
  return exitCodes.ok;
}

function toJson({ principalId, summary, requestedAtMs, expiresAtMs }: PendingApproval): object {
  return { principal: principalId, summary, requestedAtMs, expiresAtMs };
}
