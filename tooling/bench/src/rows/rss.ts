import { readFileSync } from "node:fs";
import type { BenchRow } from "../bench-row.ts";
import { OpMcpInstallation } from "../programs.ts";
import { StdioSession } from "../stdio-session.ts";

const allowedMb = 80;
const settleMs = 3000;

/** The memory a process holds, in megabytes. */
function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error("the process has no VmRSS");
  return (Number(kilobytes) * 1024) / 1e6;
}

/** What a server that does nothing holds. */
export const rssRow: BenchRow = {
  id: "rss",
  what: "idle RSS with 10,000 tools known, after a start, a list and a call of a built-in tool",
  unit: "MB",
  promised: `≤ ${allowedMb} MB`,
  measure: async () => {
    using installation = new OpMcpInstallation("direct");
    await installation.warmUp();
    await using session = new StdioSession(installation.program);
    await session.initialize();
    await session.request("tools/list");
    await session.request("tools/call", { name: "get_system_info", arguments: {} });
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const value = residentMb(session.pid);
    return {
      value,
      against: `limit ${allowedMb} MB`,
      ratio: value / allowedMb,
      ok: value <= allowedMb,
    };
  },
};
