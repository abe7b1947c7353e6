import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryStore, openStateEngine, parseDesiredState } from "../../src/index.ts";
import { createUnitsPlugin } from "../../src/plugins/dbus.ts";
import { createFilesPlugin, createPackagesPlugin } from "../../src/plugins/index.ts";
import { makePackageSource } from "../fixtures/package-source.ts";
import { missingSystemd, openRig, type Rig } from "../rig.ts";
import { readTree } from "../tree.ts";

const author = { who: "ada", why: "a test" };
const unit =
  "[Service]\nEnvironmentFile=/etc/op-daemon/environment\nExecStart=/bin/sleep ${SECONDS_TO_SLEEP}\n[Install]\nWantedBy=multi-user.target\n";
const key = "op-daemon.service";

/** What a package brings is there neither when the plan is made nor when it is checked. */
const state = {
  packages: { "op-daemon": { version: "1.0" } },
  files: {
    "/etc/op-daemon/environment": {
      content: "SECONDS_TO_SLEEP=1000\n",
      requires: ["packages:op-daemon"],
    },
  },
  units: {
    [key]: {
      enabled: true,
      active: true,
      requires: ["packages:op-daemon", "files:/etc/op-daemon/environment"],
    },
  },
};

describe.skipIf(missingSystemd !== undefined)("a package, its file and its service", () => {
  const stack = new AsyncDisposableStack();
  let rig: Rig;

  beforeAll(async () => {
    rig = stack.use(await openRig());
    const files = {
      [`lib/systemd/system/${key}`]: unit,
      "etc/op-daemon/README": "Put your environment here.\n",
    };
    await makePackageSource(rig.root, [{ name: "op-daemon", version: "1.0", files }]);
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  async function look() {
    const { root } = rig;
    return {
      units: await readTree(join(root, "etc/systemd/system")),
      status: await readFile(join(root, "var/lib/dpkg/status"), "utf8"),
      etc: (await readdir(join(root, "etc"))).filter((name) => name.startsWith("op-")),
    };
  }

  it("are one plan, and go back as one", { timeout: 60_000 }, async () => {
    const { bus, root } = rig;
    const plugins = [
      createFilesPlugin({ root }),
      createPackagesPlugin({ root }),
      createUnitsPlugin({ bus, root }),
    ];
    await using engine = await openStateEngine({ plugins, store: createMemoryStore() });
    const desired = parseDesiredState({ version: 1, state }, plugins);
    const before = await look();
    const plan = await engine.plan(desired);
    expect(plan.changes.map(({ plugin }) => plugin)).toEqual(["packages", "files", "units"]);
    const run = await engine.apply(plan, author);
    expect(await engine.verify(desired)).toEqual([]);
    expect(await rig.run("systemctl", "is-active", key)).toBe("active\n");
    await engine.rollback(run.id, author);
    expect(await look()).toEqual(before);
  });

  it("are refused when nothing says that one needs the other", async () => {
    const { bus, root } = rig;
    const plugins = [createPackagesPlugin({ root }), createUnitsPlugin({ bus, root })];
    await using engine = await openStateEngine({ plugins, store: createMemoryStore() });
    const apart = { packages: state.packages, units: { [key]: { active: true } } };
    const planned = engine.plan(parseDesiredState({ version: 1, state: apart }, plugins));
    await expect(planned).rejects.toMatchObject({
      code: "ERR_STATE_REFUSED",
      message: expect.stringContaining("or require what brings it."),
    });
  });
});
