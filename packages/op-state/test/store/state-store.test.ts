import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createMemoryStore, openSqliteStore } from "../../src/index.ts";
import { mayBeUnfinished } from "../../src/store/unfinished-marks.ts";
import { stateStoreContract } from "../../src/testing/index.ts";
import { openScratch } from "../scratch.ts";

describe("the store in memory", () => {
  it.each(stateStoreContract(async () => createMemoryStore()))("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });
});

describe("the store on SQLite", () => {
  it("is for its owner alone, wherever it lies", async () => {
    await using scratch = await openScratch();
    await chmod(scratch.path, 0o755);
    await using _store = await openSqliteStore({ directory: scratch.path });
    const names = await readdir(scratch.path);
    const modes = names.map(async (name) => (await stat(join(scratch.path, name))).mode & 0o077);
    expect(await Promise.all(modes)).toEqual(names.map(() => 0));
  });

  it("tells by a file that something is half done, also when its process died around it", async () => {
    await using scratch = await openScratch();
    const directory = scratch.path;
    expect(mayBeUnfinished(join(directory, "nowhere"))).toBe(false);
    const start = {
      kind: "apply",
      atMs: 1,
      who: "",
      why: "",
      planHash: null,
      target: null,
    } as const;
    {
      await using store = await openSqliteStore({ directory });
      await store.begin({ ...start, status: "completed" }, []);
      expect(mayBeUnfinished(directory)).toBe(false);
      const id = await store.begin({ ...start, status: "running" }, []);
      expect(mayBeUnfinished(directory)).toBe(true);
      const end = { status: "completed", endedMs: 1, error: null, isRecovered: false } as const;
      await store.end(id, { ...end, declared: [] });
      expect(mayBeUnfinished(directory)).toBe(false);
    }
    await mkdir(join(directory, "unfinished"), { recursive: true });
    await writeFile(join(directory, "unfinished", "7"), "");
    expect(mayBeUnfinished(directory)).toBe(true);
    await using _store = await openSqliteStore({ directory });
    expect(mayBeUnfinished(directory)).toBe(false);
  });

  it("is prepared by as many as want it at the same moment", async () => {
    await using scratch = await openScratch();
    const module = new URL("../../src/store/open-sqlite-store.ts", import.meta.url).href;
    const script = `
      const { openSqliteStore } = await import(${JSON.stringify(module)});
      for (let round = 0; round < 30; round += 1) {
        while (Date.now() < Number(process.argv[1]) + round * 30);
        const store = await openSqliteStore({ directory: process.argv[2] + round });
        await store[Symbol.asyncDispose]();
      }`;
    const args = ["--conditions=@op-mcp/source", "--input-type=module", "-e", script];
    const at = String(Date.now() + 1500);
    const openers = Array.from({ length: 3 }, () =>
      promisify(execFile)(process.execPath, [...args, at, join(scratch.path, "store")]),
    );
    expect((await Promise.all(openers)).map(({ stderr }) => stderr)).toEqual(["", "", ""]);
  });

  it("says where it cannot be", async () => {
    await using scratch = await openScratch();
    await writeFile(join(scratch.path, "file"), "");
    const directory = join(scratch.path, "file", "state");
    await expect(openSqliteStore({ directory })).rejects.toMatchObject({
      code: "ERR_STATE_STORE",
      data: { path: directory },
    });
  });

  it.each(
    stateStoreContract(async () => {
      await using stack = new AsyncDisposableStack();
      const { path } = stack.use(await openScratch());
      const store = stack.use(await openSqliteStore({ directory: path }));
      const rest = stack.move();
      return new Proxy(store, {
        get: (target, name) => {
          if (name === Symbol.asyncDispose) return () => rest.disposeAsync();
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    }),
  )("$name", async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });
});
