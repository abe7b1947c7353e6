import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditLog, verifyLog, type AuditEntry } from "../../src/index.ts";
import { createRandom } from "../fixtures/seeded-random.ts";
import { readAll } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const writer = join(import.meta.dirname, "../fixtures/crash-writer.ts");
const directories = 4;
const killsEach = 50;

interface Kill {
  readonly run: number;
  /** How long after its first acknowledgement. */
  readonly afterMs: number;
}

/** Runs a writer, kills it under load, and returns what it had acknowledged. */
async function killWriter(directory: string, { run, afterMs }: Kill): Promise<string[]> {
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
    if (output === "") setTimeout(() => child.kill("SIGKILL"), afterMs);
    output += text;
  });
  expect(await closed).toBe("SIGKILL");
  return output.split("\n").slice(0, -1);
}

/** The numbers of a run's entries, in the order of the log. */
function numbersOf(entries: readonly AuditEntry[], run: number): number[] {
  return entries.flatMap(({ requestId = "" }) => {
    const [ofRun, number] = requestId.split("-");
    return ofRun === String(run) ? [Number(number)] : [];
  });
}

test("loses nothing it acknowledged when it is killed at 200 random moments, and leaves no holes", async () => {
  await using directory = await makeTempDirectory();
  const runs = Array.from({ length: directories }, async (_, index) => {
    const path = join(directory.path, String(index));
    const random = createRandom(index);
    const acknowledged: string[] = [];
    for (let run = 0; run < killsEach; run += 1)
      acknowledged.push(...(await killWriter(path, { run, afterMs: random() * 40 })));
    return { path, acknowledged };
  });
  for (const { path, acknowledged } of await Promise.all(runs)) {
    await (await openAuditLog({ directory: path }))[Symbol.asyncDispose]();
    const entries = await readAll(path);
    const kept = new Set(entries.map(({ requestId }) => requestId));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(killsEach * 64);
    for (let run = 0; run < killsEach; run += 1) {
      const numbers = numbersOf(entries, run);
      expect(numbers).toEqual(numbers.map((_number, at) => at));
    }
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
