import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { faultServer } from "../fixtures/fault-server.ts";

const gateway = fileURLToPath(new URL("../../bench/gateway.ts", import.meta.url));

/** The processes whose command line has this in it. */
async function findProcesses(marker: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")]),
  );
  return lines.flatMap(([pid = "", line = ""]) => (line.includes(marker) ? [pid] : []));
}

async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /u.test(stat);
}

it("a gateway that is killed leaves no upstream behind, and nothing that one started", async () => {
  const marker = `marker-${process.pid}-${Date.now()}`;
  const script = `${faultServer()}\n// ${marker}`;
  const args = ["--conditions=@op-mcp/source", gateway, process.execPath, "-e", script];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const request = async (id: number, method: string, params: object): Promise<string> => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    for (;;) {
      const { value } = await lines.next();
      const line = String(value);
      if (line.includes(`"id":${id}`)) return line;
    }
  };
  const clientInfo = { name: "test", version: "1" };
  await request(1, "initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  await vi.waitFor(
    async () => expect(await request(2, "tools/list", {})).toContain("grandchild"),
    20_000,
  );
  const answer = await request(3, "tools/call", { name: "grandchild", arguments: {} });
  const grandchild = Number(/"text":"(?<pid>\d+)"/u.exec(answer)?.groups?.["pid"]);
  expect(await isRunning(grandchild)).toBe(true);
  // The gateway names the script on its own command line, and so does the upstream.
  expect((await findProcesses(marker)).length).toBeGreaterThanOrEqual(2);

  child.kill("SIGKILL");
  await once(child, "exit");
  await vi.waitFor(async () => {
    expect(await findProcesses(marker)).toEqual([]);
    expect(await isRunning(grandchild)).toBe(false);
  }, 20_000);
});
