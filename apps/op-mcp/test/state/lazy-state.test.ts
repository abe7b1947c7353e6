import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "op-core";
import { openSqliteStore, openStateEngine, type RecoveredRun, type StatePlugin } from "op-state";
import { createFilesPlugin } from "op-state/plugins";
import { mayBeUnfinished } from "op-state/unfinished";
import { createTestContext } from "op-tools/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLazyProcesses } from "../../src/processes/lazy-processes.ts";
import { StateSettings } from "../../src/state/state-settings.ts";
import { createLazyState } from "../../src/state/lazy-state.ts";

const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "op-mcp-state-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function openLazily(told: RecoveredRun[] = []) {
  return createLazyState({
    config: StateSettings.parse({ plugins: ["files", "units"] }),
    directory: join(folder, "state"),
    systemBusAddress: undefined,
    mayLook: () => true,
    onRecovered: (runs) => void told.push(...runs),
    processes: createLazyProcesses({ clock: systemClock, logger: silentLogger }),
    env: {},
    clock: systemClock,
    logger: silentLogger,
  });
}

/** A process that dies while it applies leaves its run as it is: here the way back fails as well. */
async function leaveHalfDone(file: string): Promise<void> {
  const files = createFilesPlugin();
  const dying: StatePlugin = {
    ...files,
    apply: async (change, options) => {
      await files.apply(change, options);
      throw new Error("the end");
    },
    rollback: () => Promise.reject(new Error("it is gone")),
  };
  await using store = await openSqliteStore({ directory: join(folder, "state") });
  await using engine = await openStateEngine({ plugins: [dying], store });
  const desired = [{ plugin: "files", key: file, desired: { content: "half" }, requires: [] }];
  const plan = await engine.plan(desired);
  await expect(engine.apply(plan, { who: "ada", why: "a test" })).rejects.toMatchObject({
    code: "ERR_STATE_UNDO",
  });
}

describe("state that nobody uses", () => {
  it("is listed as far as that costs nothing, and leaves no trace on the disk", async () => {
    await using stack = new AsyncDisposableStack();
    const { tools, resources, prompts, recoverSoon, recovery } = openLazily();
    stack.use(tools);
    recoverSoon();
    expect(recovery()).toBe("ok");
    const uris = await Array.fromAsync(resources.list({ signal }), ({ uri }) => uri);
    expect(uris).toEqual(["state://files"]);
    const names = await Array.fromAsync(prompts.list({ signal }), ({ name }) => name);
    expect(names).toEqual(["state_explain_changes"]);
    expect(await tools.fingerprint?.({ signal })).toHaveLength(64);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a run that was interrupted", () => {
  it("is taken back soon after the start, although nobody asks, and is told of", async () => {
    const file = join(folder, "file");
    await leaveHalfDone(file);
    expect(await readFile(file, "utf8")).toBe("half");
    expect(mayBeUnfinished(join(folder, "state"))).toBe(true);
    const told: RecoveredRun[] = [];
    await using stack = new AsyncDisposableStack();
    const { tools, recoverSoon, recovery } = openLazily(told);
    stack.use(tools);
    recoverSoon();
    expect(recovery()).toBe("starting");
    await expect.poll(recovery, { timeout: 20_000 }).toBe("ok");
    expect(told).toMatchObject([{ outcome: "undone", record: { id: 1, who: "ada" } }]);
    expect(mayBeUnfinished(join(folder, "state"))).toBe(false);
    await expect(readFile(file, "utf8")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is not ready while it cannot be brought to an end", async () => {
    await leaveHalfDone(join(folder, "file"));
    await rm(join(folder, "file"));
    await writeFile(join(folder, "state", "state.db"), "no database");
    await rm(join(folder, "state", "state.db-wal"), { force: true });
    await using stack = new AsyncDisposableStack();
    const { tools, recoverSoon, recovery } = openLazily();
    stack.use(tools);
    recoverSoon();
    await expect.poll(recovery, { timeout: 20_000 }).toBe("failing");
  });
});

describe("state in use", () => {
  it("opens with the first call", async () => {
    await using stack = new AsyncDisposableStack();
    const { tools } = openLazily();
    stack.use(tools);
    const tool = await tools.load("state_history", { signal });
    const { structuredContent } = await tool.call({}, createTestContext());
    expect(structuredContent).toEqual({ runs: [] });
    expect(await readdir(folder)).toEqual(["state"]);
  });
});
