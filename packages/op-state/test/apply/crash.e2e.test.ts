import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "op-core";
import { describe, expect, it } from "vitest";
import { openSqliteStore, openStateEngine, type Recovery } from "../../src/index.ts";
import { createFilesPlugin } from "../../src/plugins/index.ts";
import { contentsOf } from "../fixtures/generations.ts";
import { openScratch } from "../scratch.ts";

const driver = fileURLToPath(new URL("../fixtures/apply-driver.ts", import.meta.url));

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function startDriver(args: readonly string[]) {
  return spawn(process.execPath, ["--conditions=@op-mcp/source", driver, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Until when a driver may work: until it has said a word this often, and a moment longer. */
interface Moment {
  readonly word: "opening" | "step";
  readonly times: number;
  readonly afterMs: number;
}

async function crash(args: readonly string[], { word, times, afterMs }: Moment): Promise<void> {
  const child = startDriver(args);
  const exited = once(child, "exit");
  let said = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.split(word).length > times) break;
  }
  child.stdout.resume();
  systemClock.startTimer(afterMs, () => child.kill("SIGKILL"));
  const [code, signal] = await exited;
  expect([code, signal]).toEqual([null, "SIGKILL"]);
}

async function readContents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(root.length + 1), await readFile(path, "utf8")] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

interface Machine {
  readonly directory: string;
  readonly root: string;
}

/** Opens an engine on what a crash left, and says up to which generation the machine then is, by its history. */
async function recover({ directory, root }: Machine, recovery: Recovery) {
  const plugins = [createFilesPlugin({ root })];
  await using store = await openSqliteStore({ directory });
  await using engine = await openStateEngine({ plugins, store, recovery });
  const history = await engine.history({ limit: 1_000_000 });
  const last = history.find(({ status }) => status === "completed");
  const generationNumber = Number(last?.why ?? 0);
  const drift = await engine.drift();
  return { history, recovered: engine.recovered, generationNumber, drift };
}

describe.each([
  { recovery: "undo", seed: 1, outcome: "undone", status: "undone" },
  { recovery: "finish", seed: 2, outcome: "finished", status: "completed" },
] as const)("a machine that dies, and $recovery", ({ recovery, seed, outcome, status }) => {
  it("is whole after each of 60 moments, and history tells", async () => {
    await using scratch = await openScratch();
    const machine = { directory: join(scratch.path, "state"), root: join(scratch.path, "root") };
    await mkdir(machine.root);
    const random = createRandom(seed);
    let next = 1;
    for (let round = 0; round < 60; round += 1) {
      const args = [machine.directory, machine.root, String(next), recovery];
      const times = 1 + Math.floor(random() * 27);
      await crash(args, { word: "step", times, afterMs: random() * 3 });
      // Every fifth time, recovering is interrupted as well.
      if (round % 5 === 0) await crash(args, { word: "opening", times: 1, afterMs: random() * 30 });
      const { history, recovered, generationNumber, drift } = await recover(machine, recovery);
      for (const run of recovered) {
        expect(run.outcome).toBe(outcome);
        expect(run.record).toMatchObject({ status, isRecovered: true });
      }
      expect(history.filter((run) => run.status === "running" || run.status === "undoing")).toEqual(
        [],
      );
      expect(drift).toEqual([]);
      expect(await readContents(machine.root)).toEqual(contentsOf(generationNumber));
      next = generationNumber + 1;
    }
    const { history } = await recover(machine, recovery);
    const interrupted = history.filter(({ isRecovered }) => isRecovered);
    expect(interrupted.length).toBeGreaterThanOrEqual(50);
  }, 240_000);
});

describe("two appliers", () => {
  it("never interleave", async () => {
    await using scratch = await openScratch();
    const [directory, root] = [join(scratch.path, "state"), join(scratch.path, "root")];
    const log = join(scratch.path, "log");
    await mkdir(root);
    const children = ["1", "1001"].map((first) =>
      startDriver([directory, root, first, "undo", "15", log]),
    );
    const exits = await Promise.all(children.map((child) => once(child, "exit")));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    const lines = (await readFile(log, "utf8")).trim().split("\n");
    const plugins = [createFilesPlugin({ root })];
    await using store = await openSqliteStore({ directory });
    await using engine = await openStateEngine({ plugins, store });
    const history = (await engine.history({ limit: 1000 })).toReversed();
    expect(history.length).toBe(30);
    const written = [];
    for (const { id, who } of history) {
      for (const { key } of await engine.steps(id)) written.push(`${who} ${key}`);
    }
    expect(lines).toEqual(written);
  }, 120_000);
});
