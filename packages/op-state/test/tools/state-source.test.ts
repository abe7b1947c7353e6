import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { ResourceNotFoundError, type ProgressUpdate, type ToolContext } from "op-tools";
import { createTestContext, describeToolSource } from "op-tools/testing";
import { describe, expect, it } from "vitest";
import { createMemoryStore, openStateEngine } from "../../src/index.ts";
import { createFilesPlugin, createSysctlPlugin } from "../../src/plugins/index.ts";
import { createStateSource } from "../../src/tools/index.ts";
import { openScratch } from "../scratch.ts";
import { readTree } from "../tree.ts";

const { signal } = new AbortController();
const principal = { id: "unix:uid=1000", scopes: [] };
const startMs = Date.parse("2026-03-01T12:00:00Z");

/** The tools of a machine that is a folder. */
async function openMachine() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await openScratch());
  const root = join(path, "root");
  await mkdir(join(root, "etc"), { recursive: true });
  await writeFile(join(root, "etc/motd"), "hello\n");
  const plugins = [
    createFilesPlugin({ root }),
    createSysctlPlugin({ root: join(path, "proc/sys") }),
  ];
  const clock = createManualClock({ startMs });
  const store = stack.use(createMemoryStore());
  const engine = stack.use(await openStateEngine({ plugins, store, clock, lockTimeoutMs: 0 }));
  const source = stack.use(
    createStateSource({
      plugins,
      engine: () => Promise.resolve(engine),
      mayLook: ({ id }, plugin) => id === principal.id || plugin !== "files",
      clock,
    }),
  );
  const rest = stack.move();
  const use = async (name: string, args: JsonObject, context: Partial<ToolContext> = {}) => {
    const tool = await source.tools.load(name, { signal });
    const result = await tool.call(args, createTestContext({ principal, ...context }));
    const [block] = result.content;
    const text = block?.type === "text" ? block.text : "";
    return { text, data: Object(result.structuredContent) };
  };
  const effectOf = async (name: string, args: JsonObject) => {
    const tool = await source.tools.load(name, { signal });
    return await tool.effectOf?.(args, createTestContext());
  };
  return {
    root,
    source,
    engine,
    plugins,
    store,
    clock,
    use,
    effectOf,
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

const state = {
  files: {
    "/etc/motd": { content: "be kind\n" },
    "/etc/key": { content: "hush", mode: "0600" },
  },
};

describeToolSource("the tools of state", async () => {
  const { source, [Symbol.asyncDispose]: close } = await openMachine();
  return {
    name: source.tools.name,
    list: (options) => source.tools.list(options),
    load: (name, options) => source.tools.load(name, options),
    [Symbol.asyncDispose]: close,
  };
});

describe("planning and applying", () => {
  it("makes what was shown, tells how far it is, and can be taken back", async () => {
    await using machine = await openMachine();
    const before = await readTree(machine.root);
    const planned = await machine.use("state_plan", { state });
    expect(planned.data).toMatchObject({
      summary: { created: 1, updated: 1, deleted: 0 },
      changes: [{ resource: "files:/etc/key" }, { resource: "files:/etc/motd" }],
    });
    expect(planned.text).toContain('~ content: "hello\\n"'.slice(0, 9));
    expect(await readTree(machine.root)).toEqual(before);

    const { plan } = planned.data;
    const effect = await machine.effectOf("state_apply", { plan, why: "a test" });
    expect(effect).toMatchObject({
      risk: "write",
      needsApproval: true,
      summary: `apply plan ${plan}: 1 to create, 1 to update, 0 to delete, 0 as desired`,
      details: expect.arrayContaining(["~ files:/etc/motd", "    + be kind"]),
    });
    const told: ProgressUpdate[] = [];
    const applied = await machine.use(
      "state_apply",
      { plan, why: "a test" },
      { reportProgress: (update) => void told.push(update) },
    );
    expect(applied.data).toMatchObject({ run: 1, status: "completed", who: principal.id, plan });
    expect(told.at(-1)).toMatchObject({ progress: 2, total: 2 });
    expect(await readFile(join(machine.root, "etc/motd"), "utf8")).toBe("be kind\n");
    expect((await machine.use("state_verify", { state })).data).toEqual({
      isAsDesired: true,
      deviations: [],
    });

    const dry = await machine.use("state_rollback", { to: 1, why: "no", dryRun: true });
    expect(dry.data.changes).toMatchObject([
      { resource: "files:/etc/motd", action: "update", after: { content: "hello\n" } },
      { resource: "files:/etc/key", action: "delete" },
    ]);
    expect(await machine.effectOf("state_rollback", { to: 1, why: "no" })).toMatchObject({
      risk: "write",
      needsApproval: true,
      summary: "go back to apply 1 (a test): 0 to create, 1 to update, 1 to delete",
    });
    await machine.use("state_rollback", { to: 1, why: "no" });
    expect(await readTree(machine.root)).toEqual(before);
  });

  it("refuses a plan that nobody made, and one that no longer fits", async () => {
    await using machine = await openMachine();
    await expect(machine.use("state_apply", { plan: "1234", why: "x" })).rejects.toMatchObject({
      code: "ERR_STATE_PLAN_UNKNOWN",
    });
    const { plan } = (await machine.use("state_plan", { state })).data;
    await writeFile(join(machine.root, "etc/motd"), "by hand");
    await expect(machine.use("state_apply", { plan, why: "x" })).rejects.toMatchObject({
      code: "ERR_STATE_PLAN_STALE",
    });
    expect(await readFile(join(machine.root, "etc/motd"), "utf8")).toBe("by hand");
  });

  it("only shows the plan when it is told to", async () => {
    await using machine = await openMachine();
    const planned = await machine.use("state_plan", { state });
    const args = { plan: planned.data.plan, why: "x", dryRun: true };
    expect((await machine.use("state_apply", args)).text).toBe(planned.text);
    expect(await machine.effectOf("state_apply", args)).toMatchObject({ risk: "read" });
    expect(await readFile(join(machine.root, "etc/motd"), "utf8")).toBe("hello\n");
  });
});

describe("what is secret", () => {
  it("is shown to nobody: not by looking, not in plans, not in the history", async () => {
    await using machine = await openMachine();
    await mkdir(join(machine.root, "closed"), { mode: 0o700 });
    await writeFile(join(machine.root, "closed/open"), "hush");
    await writeFile(join(machine.root, "etc/secret"), "hush", { mode: 0o600 });
    const keys = ["/etc/secret", "/closed/open", "/etc/motd"];
    const { resources } = (await machine.use("state_files_query", { keys })).data;
    expect(Object.keys(resources)).toEqual(keys);
    expect(resources["/etc/motd"]).toMatchObject({ content: "hello\n" });
    const { plan } = (await machine.use("state_plan", { state })).data;
    await machine.use("state_apply", { plan, why: "x" });
    await chmod(join(machine.root, "etc/motd"), 0o600);
    await writeFile(join(machine.root, "etc/motd"), "hush");
    const shown = [
      resources,
      await machine.use("state_plan", { state: { files: { "/etc/secret": { content: "x" } } } }),
      await machine.use("state_history", { run: 1 }),
      await machine.use("state_drift", {}),
      await machine.use("state_rollback", { to: 1, why: "x", dryRun: true }),
      await machine.effectOf("state_rollback", { to: 1, why: "x" }),
    ];
    expect(JSON.stringify(shown)).not.toContain("hush");
    expect(JSON.stringify(shown)).toContain("(not shown)");
  });

  it("is shown as far as it is declared, to who declares it and who agrees to it", async () => {
    await using machine = await openMachine();
    const file = join(machine.root, "etc/key");
    await writeFile(file, "the old one", { mode: 0o600 });
    const { plan, changes } = (await machine.use("state_plan", { state })).data;
    const asked = await machine.effectOf("state_apply", { plan, why: "x" });
    expect(changes[0]).toMatchObject({
      before: { content: "(not shown)" },
      after: { content: "hush" },
    });
    expect(asked?.details).toContain('  ~ content: "(not shown)" → "hush"');
  });
});

describe("looking", () => {
  it("compares resources of one plugin, by its schema", async () => {
    await using machine = await openMachine();
    const tool = await machine.source.tools.load("state_files_diff", { signal });
    expect(JSON.stringify(tool.inputSchema)).toContain('"validate"');
    const resources = { "/etc/motd": "absent" };
    const { data } = await machine.use("state_files_diff", { resources });
    expect(data.changes).toMatchObject([{ action: "delete", risk: "destructive" }]);
    await expect(
      machine.use("state_files_diff", { resources: { motd: "absent" } }),
    ).rejects.toMatchObject({ code: "ERR_STATE_INPUT" });
    await expect(
      machine.use("state_files_query", { keys: ["/etc/../motd"] }),
    ).rejects.toMatchObject({ code: "ERR_STATE_INPUT" });
  });

  it("keeps checkpoints and tells who did what and why", async () => {
    await using machine = await openMachine();
    const resources = ["files:/etc/motd"];
    await machine.use("state_checkpoint", { why: "before", resources });
    const { plan } = (await machine.use("state_plan", { state })).data;
    await machine.use("state_apply", { plan, why: "kindness" });
    const history = await machine.use("state_history", {});
    expect(history.data.runs).toMatchObject([
      { run: 2, kind: "apply", who: principal.id, why: "kindness", at: "2026-03-01T12:00:00.000Z" },
      { run: 1, kind: "checkpoint" },
    ]);
    const one = await machine.use("state_history", { run: 2 });
    expect(one.data.steps).toMatchObject([{ action: "create" }, { action: "update" }]);
    expect(one.text).toContain("    + be kind");
    await machine.use("state_rollback", { to: 1, why: "back" });
    const back = await machine.use("state_history", { run: 3 });
    expect(back.data).toMatchObject({ backTo: 1, steps: [{ isBack: true }, { isBack: true }] });
    await expect(
      machine.use("state_checkpoint", { why: "x", resources: ["nobody:x"] }),
    ).rejects.toMatchObject({ code: "ERR_STATE_INPUT" });
  });
});

describe("the resource of a plugin", () => {
  it("shows what is declared, to those who may look, and tells of drift", async () => {
    await using machine = await openMachine();
    const { resources } = machine.source;
    const { plan } = (await machine.use("state_plan", { state })).data;
    await machine.use("state_apply", { plan, why: "x" });
    const uri = "state://files";
    const [contents] = await resources.read(uri, { signal, principal });
    const text = contents !== undefined && "text" in contents ? contents.text : "";
    expect(JSON.parse(text)).toMatchObject({
      isAsDeclared: true,
      resources: { "/etc/motd": { content: "be kind\n" }, "/etc/key": { content: "(not shown)" } },
    });
    const stranger = { id: "key:other", scopes: [] };
    await expect(resources.read(uri, { signal, principal: stranger })).rejects.toMatchObject({
      code: ResourceNotFoundError.code,
    });

    const stop = new AbortController();
    const changes = resources.changes?.({ signal: stop.signal })[Symbol.asyncIterator]();
    const first = changes?.next();
    await resources.follow?.(uri, { signal: stop.signal, principal });
    await writeFile(join(machine.root, "etc/motd"), "by hand");
    expect((await first)?.value).toEqual({ kind: "resource-updated", uri });
    expect((await machine.use("state_drift", {})).data.deviations).toHaveLength(1);
    const second = changes?.next();
    await writeFile(join(machine.root, "etc/motd"), "be kind\n");
    expect((await second)?.value).toEqual({ kind: "resource-updated", uri });
    stop.abort();
    expect((await changes?.next())?.done).toBe(true);
  });
});

describe("what another process declares", () => {
  it("is watched soon, too", async () => {
    await using machine = await openMachine();
    const { source, plugins, store, clock, root } = machine;
    const stop = new AbortController();
    const changes = source.resources.changes?.({ signal: stop.signal })[Symbol.asyncIterator]();
    const uri = "state://files";
    let told: unknown;
    const telling = changes?.next().then(({ value }) => (told = value));
    await source.resources.follow?.(uri, { signal, principal });
    {
      await using other = await openStateEngine({ plugins, store, clock });
      const desired = [
        { plugin: "files", key: "/etc/new", desired: { content: "" }, requires: [] },
      ];
      await other.apply(await other.plan(desired), { who: "bob", why: "x" });
    }
    const change = async () => {
      await clock.advance(500);
      await writeFile(join(root, "etc/new"), "by hand");
      return told;
    };
    await expect.poll(change).toEqual({ kind: "resource-updated", uri });
    stop.abort();
    await telling;
  });
});

describe("the prompt", () => {
  it("asks for the changes since yesterday to be explained, with the record as data", async () => {
    await using machine = await openMachine();
    const { plan } = (await machine.use("state_plan", { state })).data;
    await machine.use("state_apply", { plan, why: "kindness" });
    const { prompts } = machine.source;
    const get = async (args: Record<string, string>) => {
      const options = { signal, principal };
      return JSON.stringify(await prompts.get("state_explain_changes", args, options));
    };
    const asked = await get({});
    expect(asked).toContain("2026-02-28T12:00:00.000Z");
    expect(asked).toContain("kindness");
    expect(asked).toContain("+ be kind");
    expect(asked).not.toContain("hush");
    expect(await get({ since: "2026-03-02" })).toContain("There were no runs.");
    await expect(get({ since: "long ago" })).rejects.toMatchObject({ code: "ERR_STATE_INPUT" });
  });
});
