/**
 * Approves codes, or takes approvals of calls, as `approving-process.ts approve|take DIRECTORY WORD…`. Says on stderr
 * that it is ready, begins when stdin ends, and prints how many it got.
 */
import { isOpError } from "op-core";
import { text } from "node:stream/consumers";
import { createApprovalCodes } from "../../src/policy/approval-codes.ts";
import { createApprovalFiles } from "../../src/policy/approval-files.ts";

const [mode, directory = "", ...words] = process.argv.slice(2);
const store = createApprovalFiles(directory);
const codes = createApprovalCodes({ store, maxFailures: Infinity });

function isMine(word: string): boolean {
  if (mode === "take") {
    return codes.take({ callDigest: word, principalId: "oauth:sub=bob" }) !== undefined;
  }
  try {
    codes.approve(word, `process ${process.pid}`);
    return true;
  } catch (error) {
    if (isOpError(error) && error.code === "ERR_APPROVAL_CODE_UNKNOWN") return false;
    throw error;
  }
}

process.stderr.write("ready\n");
await text(process.stdin);
process.stdout.write(String(words.filter(isMine).length));
