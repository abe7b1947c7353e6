import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import {
  createMemoryStore,
  openStateEngine,
  parseDesiredState,
  type DesiredState,
  type RunProgress,
  type StatePlugin,
} from "../../src/index.ts";
import { createFilesPlugin } from "../../src/plugins/index.ts";
import { openScratch } from "../scratch.ts";
import { readTree } from "../tree.ts";

const author = { who: "ada", why: "a test" };

/** An engine over a scratch root, with a plugin that can be told to misbehave. */
async function openMachine(change: (files: StatePlugin) => Partial<StatePlugin> = () => ({})) {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await openScratch());
  const root = join(path, "root");
  await mkdir(root);
  const files = createFilesPlugin({ root });
  const plugins = [{ ...files, ...change(files) }];
  const clock = createManualClock({ startMs: 1000 });
  const store = stack.use(createMemoryStore());
  const engine = stack.use(await openStateEngine({ plugins, store, clock, lockTimeoutMs: 0 }));
  const rest = stack.move();
  return {
    root,
    store,
    plugins,
    engine,
    clock,
    declare: (state: Readonly<Record<string, unknown>>): DesiredState =>
      parseDesiredState({ version: 1, state: { files: state } }, plugins),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

/** Fails at one file; everything else is done for real. */
function failingAt(key: string) {
  return (files: StatePlugin): Partial<StatePlugin> => ({
    apply: async (change, options) => {
      await files.apply(change, options);
      if (change.key === key) throw new Error("the disk is on fire");
    },
  });
}

const three = { "/a": { content: "1" }, "/b": { content: "2" }, "/c": { content: "3" } };

describe("a plan", () => {
  it("is the same for the same system, and does nothing", async () => {
    await using machine = await openMachine();
    const first = await machine.engine.plan(machine.declare(three));
    const reversed = Object.fromEntries(Object.entries(three).toReversed());
    expect(await machine.engine.plan(machine.declare(reversed))).toEqual(first);
    expect(first.changes.map(({ key }) => key)).toEqual(["/a", "/b", "/c"]);
    expect(await readTree(machine.root)).toEqual({});
  });

  it("is refused when the system changed in between, also when it was kept as JSON", async () => {
    await using machine = await openMachine();
    const plan = await machine.engine.plan(machine.declare(three));
    await writeFile(join(machine.root, "b"), "by hand");
    await expect(machine.engine.apply(plan, author)).rejects.toMatchObject({
      code: "ERR_STATE_PLAN_STALE",
      data: { resources: ["files:/b"] },
    });
    expect(Object.keys(await readTree(machine.root))).toEqual(["b"]);
    await rm(join(machine.root, "b"));
    const run = await machine.engine.apply(JSON.parse(JSON.stringify(plan)), author);
    expect(run).toMatchObject({ status: "completed", planHash: plan.hash, atMs: 1000 });
  });

  it("is refused when somebody altered it", async () => {
    await using machine = await openMachine();
    const plan = await machine.engine.plan(machine.declare(three));
    const altered = { ...plan, changes: plan.changes.slice(1) };
    await expect(machine.engine.apply(altered, author)).rejects.toMatchObject({
      code: "ERR_STATE_PLAN_ALTERED",
    });
    expect(await readTree(machine.root)).toEqual({});
  });

  it("is not made of what is wrong", async () => {
    await using machine = await openMachine();
    const resource = { plugin: "files", key: "/a", desired: {}, requires: [] };
    const wrong: readonly (readonly [DesiredState, string])[] = [
      [[{ ...resource, plugin: "fils" }], "there is no plugin fils, but files."],
      [[{ ...resource, desired: { mode: 7 } }], "mode: "],
      [[{ ...resource, requires: ["files:/x"] }], "requires files:/x, which is not declared."],
      [[resource, resource], "it is declared twice."],
      [[{ ...resource, key: "a" }], "its name has to be an absolute path"],
    ];
    for (const [desired, reason] of wrong) {
      await expect(machine.engine.plan(desired)).rejects.toMatchObject({
        code: "ERR_STATE_INPUT",
        message: expect.stringContaining(reason),
      });
    }
    const circle = machine.declare({
      "/a": { requires: ["files:/b"] },
      "/b": { requires: ["files:/a"] },
    });
    await expect(machine.engine.plan(circle)).rejects.toMatchObject({ code: "ERR_STATE_CYCLE" });
  });
});

describe("a run", () => {
  it("tells how far it is", async () => {
    await using machine = await openMachine();
    const told: RunProgress[] = [];
    const plan = await machine.engine.plan(machine.declare(three));
    await machine.engine.apply(plan, { ...author, onProgress: (progress) => told.push(progress) });
    expect(told.map(({ resource, done, total }) => `${resource} ${done}/${total}`)).toEqual([
      "files:/a 0/3",
      "files:/a 1/3",
      "files:/b 1/3",
      "files:/b 2/3",
      "files:/c 2/3",
      "files:/c 3/3",
    ]);
  });

  it("that fails leaves nothing, and history tells why", async () => {
    await using machine = await openMachine(failingAt("/b"));
    await writeFile(join(machine.root, "a"), "before");
    const before = await readTree(machine.root);
    const plan = await machine.engine.plan(machine.declare(three));
    await expect(machine.engine.apply(plan, author)).rejects.toMatchObject({
      code: "ERR_STATE_RUN",
      data: { resource: "files:/b", outcome: "undone" },
    });
    expect(await readTree(machine.root)).toEqual(before);
    const [run] = await machine.engine.history();
    expect(run).toMatchObject({ ...author, status: "undone", isRecovered: false });
    expect(run?.error).toContain("the disk is on fire");
    expect(await machine.engine.drift()).toEqual([]);
    const steps = await machine.engine.steps(run?.id ?? 0);
    expect(steps.map(({ status }) => status)).toEqual(["undone", "undone", "pending"]);
  });

  it("that fails may keep what was done, but nothing half done", async () => {
    await using machine = await openMachine(failingAt("/b"));
    const plan = await machine.engine.plan(machine.declare(three));
    const run = machine.engine.apply(plan, { ...author, onFailure: "stop" });
    await expect(run).rejects.toMatchObject({ data: { outcome: "stopped" } });
    expect(Object.keys(await readTree(machine.root))).toEqual(["a"]);
    await rm(join(machine.root, "a"));
    const drift = await machine.engine.drift();
    expect(drift.map(({ resource }) => resource)).toEqual(["files:/a"]);
  });

  it("ends between two steps when it is aborted", async () => {
    await using machine = await openMachine();
    const stop = new AbortController();
    const plan = await machine.engine.plan(machine.declare(three));
    const reason = new Error("enough");
    const run = machine.engine.apply(plan, {
      ...author,
      signal: stop.signal,
      onProgress: ({ done }) => (done === 2 ? stop.abort(reason) : undefined),
    });
    await expect(run).rejects.toBe(reason);
    expect(await readTree(machine.root)).toEqual({});
    expect((await machine.engine.history())[0]?.status).toBe("undone");
  });

  it("is undone when the engine closes", async () => {
    const machine = await openMachine();
    const plan = await machine.engine.plan(machine.declare(three));
    let closed: PromiseLike<void> | undefined;
    const run = machine.engine.apply(plan, {
      ...author,
      onProgress: ({ done }) => {
        if (done === 1) closed ??= machine.engine[Symbol.asyncDispose]();
      },
    });
    await expect(run).rejects.toMatchObject({ code: "ERR_STATE_CLOSED" });
    await closed;
    expect(await readTree(machine.root)).toEqual({});
    await expect(machine.engine.drift()).rejects.toMatchObject({ code: "ERR_STATE_CLOSED" });
    await machine[Symbol.asyncDispose]();
  });

  it("waits for nobody longer than it was told", async () => {
    await using machine = await openMachine();
    await using _lock = await machine.store.tryLock("plugin-files");
    const plan = await machine.engine.plan(machine.declare(three));
    await expect(machine.engine.apply(plan, author)).rejects.toMatchObject({
      code: "ERR_STATE_LOCKED",
      retryable: true,
    });
  });

  it("that cannot be undone keeps others out until it is recovered", async () => {
    let isBroken = true;
    await using machine = await openMachine((files) => ({
      ...failingAt("/b")(files),
      rollback: async (key, saved, options) => {
        if (isBroken) throw new Error("no way back");
        await files.rollback(key, saved, options);
      },
    }));
    const plan = await machine.engine.plan(machine.declare(three));
    await expect(machine.engine.apply(plan, author)).rejects.toMatchObject({
      code: "ERR_STATE_UNDO",
    });
    await expect(machine.engine.apply(plan, author)).rejects.toMatchObject({
      code: "ERR_STATE_UNFINISHED",
    });
    expect(await machine.engine.recover("undo")).toMatchObject([{ outcome: "unfinished" }]);
    isBroken = false;
    expect(await machine.engine.recover("finish")).toMatchObject([{ outcome: "undone" }]);
    expect(await readTree(machine.root)).toEqual({});
  });
});

describe("an engine", () => {
  it("tells its plugins apart", async () => {
    const store = createMemoryStore();
    const files = createFilesPlugin();
    for (const plugins of [[files, files], [{ ...files, name: "../files" }]]) {
      await expect(openStateEngine({ plugins, store })).rejects.toMatchObject({
        code: "ERR_STATE_PLUGIN",
      });
    }
  });
});

describe("the way back", () => {
  it("leads to any checkpoint and to before any run, and back again", async () => {
    await using machine = await openMachine();
    const { engine, root, declare } = machine;
    const apply = async (state: Readonly<Record<string, unknown>>) =>
      engine.apply(await engine.plan(declare(state)), author);
    await writeFile(join(root, "a"), "before everything");
    const start = await readTree(root);
    const first = await apply({ "/a": { content: "1" } });
    const one = await readTree(root);
    const checkpoint = await engine.checkpoint(author);
    expect(checkpoint).toMatchObject({ kind: "checkpoint", status: "completed" });
    await apply({ "/a": "absent", "/b": { content: "2" } });
    const two = await readTree(root);
    const back = await engine.rollback(checkpoint.id, author);
    expect(await readTree(root)).toEqual(one);
    expect(await engine.drift()).toEqual([]);
    await engine.rollback(back.id, author);
    expect(await readTree(root)).toEqual(two);
    await engine.rollback(first.id, author);
    expect(await readTree(root)).toEqual(start);
    await expect(engine.rollback(99, author)).rejects.toMatchObject({
      code: "ERR_STATE_NOT_FOUND",
    });
  });

  it("also takes back what was changed by hand", async () => {
    await using machine = await openMachine();
    const { engine, root, declare } = machine;
    await engine.apply(await engine.plan(declare(three)), author);
    const before = await readTree(root);
    const { id } = await engine.checkpoint(author);
    await writeFile(join(root, "a"), "by hand");
    await chmod(join(root, "b"), 0o600);
    const drift = await engine.drift();
    expect(drift.map(({ resource }) => resource)).toEqual(["files:/a"]);
    // The mode was never declared, yet it is brought back.
    await engine.rollback(id, author);
    expect(await readTree(root)).toEqual(before);
  });
});

describe("what is kept", () => {
  it("is no more and no older than it should be", async () => {
    await using machine = await openMachine();
    const { plugins, store, clock } = machine;
    const retention = { maxRecords: 3, maxAgeMs: 1000 };
    await using engine = await openStateEngine({ plugins, store, clock, retention });
    for (let round = 0; round < 5; round += 1) await engine.checkpoint(author);
    const ids = async () => (await engine.history()).map(({ id }) => id);
    expect(await ids()).toEqual([5, 4, 3]);
    await clock.advance(1001);
    await engine.apply(await engine.plan(machine.declare({ "/a": { content: "1" } })), author);
    expect(await ids()).toEqual([6]);
    await expect(engine.rollback(5, author)).rejects.toMatchObject({
      code: "ERR_STATE_NOT_FOUND",
    });
  });
});

describe("drift", () => {
  it("is told as it happens", async () => {
    await using machine = await openMachine();
    const { engine, root, declare } = machine;
    await engine.apply(await engine.plan(declare(three)), author);
    const stop = new AbortController();
    const events = engine.watch({ signal: stop.signal })[Symbol.asyncIterator]();
    const first = events.next();
    // The watch begins with the first question, which the file system answers from then on.
    await engine.drift();
    await writeFile(join(root, "c"), "by hand");
    const { value } = await first;
    expect(value).toMatchObject({
      resource: "files:/c",
      deviations: [{ resource: "files:/c", change: { action: "update" } }],
    });
    const second = events.next();
    await writeFile(join(root, "c"), three["/c"].content);
    expect((await second).value).toEqual({ resource: "files:/c", deviations: [] });
    stop.abort();
    expect(await events.next()).toMatchObject({ done: true });
  });
});
