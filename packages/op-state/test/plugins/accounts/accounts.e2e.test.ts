import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUsersPlugin } from "../../../src/plugins/index.ts";
import { missingSystemd, openRig, type Rig } from "../../rig.ts";

const signal = new AbortController().signal;

describe.skipIf(missingSystemd !== undefined)("accounts of a machine", () => {
  const stack = new AsyncDisposableStack();
  let rig: Rig;

  beforeAll(async () => {
    rig = stack.use(await openRig());
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  it("are not removed while somebody uses them", async () => {
    const plugin = createUsersPlugin({ root: rig.root });
    await rig.run("useradd", "--no-create-home", "busy");
    await rig.run("systemd-run", "--quiet", "--uid=busy", "--unit=busy", "sleep", "1000");
    const current = await plugin.query(["busy"], { signal });
    const changes = await plugin.diff([{ key: "busy", desired: null }], current, { signal });
    const reason = async () => (await plugin.check?.(changes, { signal }))?.[0]?.reason;
    await expect.poll(reason).toMatch(/^it runs processes \(\d+\): end them first\.$/u);
  });

  it("are not changed where their lock is out of reach", async () => {
    const plugin = createUsersPlugin({ root: rig.root });
    const desired = [{ key: "daemon", desired: { shell: "/bin/sh" } }];
    const current = await plugin.query(["daemon"], { signal });
    const [change] = await plugin.diff(desired, current, { signal });
    const applied = plugin.apply(change!, { signal, progress: () => undefined });
    await expect(applied).rejects.toThrow("their lock cannot be reached");
  });
});
