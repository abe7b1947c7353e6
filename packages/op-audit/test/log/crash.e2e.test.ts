import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditLog, verifyLog } from "../../src/index.ts";
import { readAll } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const writer = join(import.meta.dirname, "../fixtures/crash-writer.ts");
const directories = 4;
const killsEach = 50;

/** Runs a writer, kills it at a random moment under load, and returns what it had acknowledged. */
async function killWriter(directory: string, run: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ["--conditions=@op-mcp/source", writer, directory, String(run)],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(directory, "..", "compile-cache") },
    },
  );
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("close", (_code, signal) => resolve(signal));
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // From the first acknowledgement on, the kill may come at any time.
    if (output === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * 40);
    output += text;
  });
  expect(await closed).toBe("SIGKILL");
  return output.split("\n").slice(0, -1);
}

test("loses nothing it acknowledged when it is killed at 200 random moments", async () => {
  await using directory = await makeTempDirectory();
  const runs = Array.from({ length: directories }, async (_, index) => {
    const path = join(directory.path, String(index));
    const acknowledged: string[] = [];
    for (let run = 0; run < killsEach; run += 1)
      acknowledged.push(...(await killWriter(path, run)));
    return { path, acknowledged };
  });
  for (const { path, acknowledged } of await Promise.all(runs)) {
    await (await openAuditLog({ directory: path }))[Symbol.asyncDispose]();
    const entries = await readAll(path);
    const kept = new Set(entries.map(({ requestId }) => requestId));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(killsEach * 64);
    expect(await verifyLog({ directory: path })).toMatchObject({
      isIntact: true,
      size: entries.length,
    });
    const opened = entries.filter(
      (entry) => entry.kind === "event" && entry.event === "log-opened",
    );
    expect(opened).toHaveLength(killsEach + 1);
  }
}, 120_000);
