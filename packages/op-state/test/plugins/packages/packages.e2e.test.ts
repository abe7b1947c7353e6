import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPackagesPlugin } from "../../../src/plugins/index.ts";
import {
  createMemoryStore,
  openStateEngine,
  parseDesiredState,
  type DesiredValue,
} from "../../../src/index.ts";
import { reachAndReturn, statePluginContract } from "../../../src/testing/index.ts";
import { makePackageSource } from "../../fixtures/package-source.ts";
import { missingSystemd, openRig } from "../../rig.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

const execute = promisify(execFile);
const signal = new AbortController().signal;
const quiet = { signal, progress: () => undefined };
const names = ["op-app", "op-base", "op-other", "op-tool"];

describe.skipIf(missingSystemd !== undefined)("packages of a real Debian", () => {
  const stack = new AsyncDisposableStack();
  let root: string;

  beforeAll(async () => {
    ({ root } = stack.use(await openRig()));
    await makePackageSource(root, [
      { name: "op-base", version: "1.0" },
      { name: "op-base", version: "2.0" },
      { name: "op-app", version: "1.0", fields: ["Depends: op-base"] },
      { name: "op-app", version: "2.0", fields: ["Depends: op-base (>= 2.0)"] },
      { name: "op-other", version: "1.0", fields: ["Conflicts: op-app"] },
      { name: "op-tool", version: "1.0" },
      { name: "op-tool", version: "1.1" },
      { name: "op-broken", version: "1.0", fields: ["Depends: op-nowhere"] },
    ]);
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  const inRoot = async (...words: readonly string[]) =>
    (await execute("chroot", [root, ...words])).stdout;

  async function look() {
    const format = "--showformat=${Package} ${Version} ${db:Status-Abbrev}\n";
    const lines = (await inRoot("dpkg-query", "--show", format)).split("\n");
    const automatic = (await inRoot("apt-mark", "showauto")).split("\n");
    const files = await readdir(join(root, "etc"));
    return {
      packages: lines.filter((line) => !/^\S+ {2}/u.test(line)),
      automatic: automatic.filter((name) => names.includes(name)),
      files: files.filter((name) => name.startsWith("op-")).toSorted(),
    };
  }

  async function openHarness() {
    await inRoot("apt-get", "--yes", "--allow-change-held-packages", "purge", ...names);
    await inRoot("apt-get", "--yes", "install", "op-tool=1.0");
    return {
      plugin: createPackagesPlugin({ root }),
      states: [
        [
          { key: "op-base", desired: { version: "1.0", held: true } },
          { key: "op-app", desired: { version: "1.0" } },
          { key: "op-tool", desired: null },
        ],
        [
          { key: "op-base", desired: { held: false } },
          { key: "op-app", desired: { version: "2.0", held: true } },
          { key: "op-tool", desired: {} },
        ],
      ],
      look,
      disturb: async () => {
        await inRoot("apt-mark", "unhold", "op-base");
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  it.each(statePluginContract(openHarness))("$name", { timeout: 120_000 }, async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("reach any state and return from it", { timeout: 240_000 }, async () => {
    const value = (...versions: readonly string[]) =>
      fc.option(
        fc.record(
          { version: fc.constantFrom(...versions), held: fc.constant(false) },
          { requiredKeys: ["held"] },
        ),
        { nil: null },
      );
    const states = fc
      .record({ "op-other": value("1.0"), "op-tool": value("1.0", "1.1") }, { requiredKeys: [] })
      .map((byName) => Object.entries(byName).map(([key, desired]) => ({ key, desired })));
    await expect(reachesAnyState(await openHarness(), states, 4)).resolves.toBeUndefined();
  });

  it("bring what they depend on, and take it back", { timeout: 60_000 }, async () => {
    const harness = await openHarness();
    const desired = [{ key: "op-app", desired: {} }];
    const current = await harness.plugin.query(["op-app"], { signal });
    const changes = await harness.plugin.diff(desired, current, { signal });
    expect(changes).toMatchObject([
      { action: "create", after: { version: "2.0", with: ["op-base 2.0"] }, isReversible: true },
    ]);
    await expect(reachAndReturn(harness, desired)).resolves.toBeUndefined();
  });

  async function problemsOf(desired: DesiredValue) {
    const plugin = createPackagesPlugin({ root });
    const current = await plugin.query([desired.key], { signal });
    const changes = await plugin.diff([desired], current, { signal });
    return (await plugin.check?.(changes, { signal }))?.map(({ reason }) => reason);
  }

  it("are refused beforehand, with what to do", { timeout: 60_000 }, async () => {
    await openHarness();
    await inRoot("apt-get", "--yes", "install", "op-app=1.0");
    await inRoot("apt-mark", "hold", "op-tool");
    const cases = [
      ["op-nonsense", {}, "no source has it: look at its name, or run apt-get update."],
      ["op-app", { version: "9" }, "no source has version 9, but 2.0, 1.0."],
      ["op-other", {}, "it would take op-app away: declare them absent too, or leave it as it is."],
      ["op-base", null, "it would take op-app away: declare them absent too"],
      ["op-tool", null, "it is held: declare held: false for it first."],
      ["op-tool", { version: "1.1" }, "it is held at another version: declare held too."],
      ["op-broken", {}, "op-broken : Depends: op-nowhere but it is not installable"],
    ] as const;
    for (const [key, desired, reason] of cases) {
      expect(await problemsOf({ key, desired })).toEqual([expect.stringContaining(reason)]);
    }
  });

  it("take each other's place in one plan, and back", { timeout: 120_000 }, async () => {
    await openHarness();
    await inRoot("apt-get", "--yes", "install", "op-app=1.0");
    const before = await look();
    const plugins = [createPackagesPlugin({ root })];
    await using engine = await openStateEngine({ plugins, store: createMemoryStore() });
    const state = { packages: { "op-app": "absent", "op-base": "absent", "op-other": {} } };
    const plan = await engine.plan(parseDesiredState({ version: 1, state }, plugins));
    expect(plan.changes.map(({ key }) => key)).toEqual(["op-app", "op-base", "op-other"]);
    const run = await engine.apply(plan, { who: "ada", why: "a test" });
    await engine.rollback(run.id, { who: "ada", why: "a test" });
    expect(await look()).toEqual(before);
  });

  it("wait for another dpkg only as long as told", { timeout: 60_000 }, async () => {
    await openHarness();
    const plugin = createPackagesPlugin({ root, lockTimeoutSeconds: 1 });
    const desired = [{ key: "op-base", desired: {} }];
    const current = await plugin.query(["op-base"], { signal });
    const [change] = await plugin.diff(desired, current, { signal });
    const lock = join(root, "var/lib/dpkg/lock-frontend");
    const script = `import fcntl,sys\nf=open(${JSON.stringify(lock)},"w")\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint("locked",flush=True)\nsys.stdin.read()`;
    const holder = spawn("python3", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    await expect(plugin.apply(change!, quiet)).rejects.toThrow(/lock/u);
    holder.stdin.end();
    await once(holder, "exit");
    await expect(plugin.apply(change!, quiet)).resolves.toBeUndefined();
  });
});
