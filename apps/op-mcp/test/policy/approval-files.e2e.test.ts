import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { createApprovalCodes } from "../../src/policy/approval-codes.ts";
import { createApprovalFiles } from "../../src/policy/approval-files.ts";

const program = new URL("approving-process.ts", import.meta.url).pathname;
const processes = 4;

/** How many of the words each process got, when all of them begin at the same moment. */
async function race(mode: "approve" | "take", directory: string, words: readonly string[]) {
  const args = ["--conditions=@op-mcp/source", program, mode, directory, ...words];
  const children = Array.from({ length: processes }, () => spawn(process.execPath, args));
  const outputs = children.map(({ stdout }) => text(stdout));
  await Promise.all(children.map(({ stderr }) => once(stderr, "data")));
  for (const { stdin } of children) stdin.end();
  return (await Promise.all(outputs)).map(Number);
}

it(
  "several processes use each code once, and each approval once",
  { timeout: 60_000 },
  async () => {
    using cleanup = new DisposableStack();
    const directory = mkdtempSync(join(tmpdir(), "op-mcp-approvals-"));
    cleanup.defer(() => rmSync(directory, { recursive: true }));
    const codes = createApprovalCodes({
      store: createApprovalFiles(directory),
      maxPendingPerPrincipal: Infinity,
    });
    const calls = Array.from({ length: 300 }, (_, at) => ({
      callDigest: `call ${at}`,
      principalId: "oauth:sub=bob",
      summary: "Stop nginx",
    }));
    const issued = calls.map((call) => codes.request(call).code);
    const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

    const approved = await race("approve", directory, issued);
    expect(sum(approved)).toBe(calls.length);
    expect(codes.pending()).toEqual([]);

    const digests = calls.map(({ callDigest }) => callDigest);
    const taken = await race("take", directory, digests);
    expect(sum(taken)).toBe(calls.length);
    const left = readdirSync(directory).filter((name) => !name.startsWith("failures-"));
    expect(left).toEqual([]);
    // Otherwise nobody raced.
    expect([...approved, ...taken].filter((count) => count > 0).length).toBeGreaterThan(2);
  },
);
