import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BusConnection } from "op-dbus";
import { createSystemdManager, createSystemdUnit } from "op-dbus/systemd";
import { createUnitsPlugin } from "../../../src/plugins/dbus.ts";
import type { DesiredValue } from "../../../src/index.ts";
import {
  reach,
  reachAndReturn,
  statePluginContract,
  type PluginHarness,
} from "../../../src/testing/index.ts";
import { missingSystemd, openRig } from "../../rig.ts";
import { readTree } from "../../tree.ts";

const service = (seconds: number) =>
  `[Service]\nExecStart=/bin/sleep ${seconds}\n[Install]\nWantedBy=multi-user.target\n`;
const timer = "[Timer]\nOnBootSec=1h\n[Install]\nWantedBy=timers.target\n";
const signal = new AbortController().signal;

describe.skipIf(missingSystemd !== undefined)("units of a real systemd", () => {
  const stack = new AsyncDisposableStack();
  let bus: BusConnection;
  let root: string;

  beforeAll(async () => {
    ({ bus, root } = stack.use(await openRig()));
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  let serial = 0;

  /** Units with names of their own for each case: what one leaves does not concern the next. */
  async function openHarness(): Promise<PluginHarness> {
    serial += 1;
    const own = `op-state-${serial}.service`;
    const timed = `op-state-${serial}.timer`;
    const manager = createSystemdManager(bus);
    const activity = async (unit: string) => {
      await manager.call("LoadUnit", [unit]);
      return createSystemdUnit(bus, unit).get("ActiveState");
    };
    return {
      plugin: createUnitsPlugin({ bus, root }),
      states: [
        [
          {
            key: own,
            desired: {
              content: service(1000),
              dropIns: { "nice.conf": "[Service]\nNice=5\n" },
              enabled: true,
              active: true,
            },
          },
          {
            key: timed,
            desired: {
              content: timer,
              dropIns: { "later.conf": "[Timer]\nOnBootSec=2h\n" },
              enabled: true,
              active: true,
            },
          },
          { key: "systemd-ask-password-wall.path", desired: { masked: true, active: false } },
        ],
        [
          {
            key: own,
            desired: { content: service(2000), dropIns: { "nice.conf": null }, active: true },
          },
          { key: timed, desired: null },
          { key: "systemd-ask-password-wall.path", desired: { masked: false } },
        ],
      ],
      look: async () => ({
        files: await readTree(join(root, "etc/systemd/system")),
        activity: await Promise.all(
          [own, timed, "systemd-ask-password-wall.path"].map((unit) => activity(unit)),
        ),
      }),
      disturb: async () => {
        await manager.call("StopUnit", [own, "replace"]);
        await expect.poll(() => activity(own)).toBe("inactive");
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  it.each(statePluginContract(openHarness))("$name", { timeout: 60_000 }, async ({ check }) => {
    await expect(check()).resolves.toBeUndefined();
  });

  it("start again when their files change", async () => {
    await using harness = await openHarness();
    const { plugin } = harness;
    const key = `op-state-restart.service`;
    const declare = (seconds: number): DesiredValue => {
      return { key, desired: { content: service(seconds), active: true } };
    };
    const started = () => createSystemdUnit(bus, key).get("InvocationID");
    await reach(plugin, [declare(1)]);
    const first = await started();
    await reachAndReturn(harness, [declare(2)]);
    expect(await started()).not.toEqual(first);
  });

  it("are refused beforehand where systemd would refuse them", async () => {
    await using harness = await openHarness();
    const { plugin } = harness;
    const cases = [
      [
        "op-state-missing.service",
        { active: true },
        "there is no such unit: declare its content, or require what brings it.",
      ],
      ["basic.target", null, "it comes with a package and cannot be absent: mask it."],
      ["basic.target", { masked: true, enabled: true }, "a masked unit has no file"],
    ] as const;
    for (const [key, desired, reason] of cases) {
      const current = await plugin.query([key], { signal });
      const changes = await plugin.diff([{ key, desired }], current, { signal });
      const problems = await plugin.check?.(changes, { signal });
      expect(problems?.[0]?.reason).toContain(reason);
    }
  });
});
