import { join } from "node:path";
import * as fc from "fast-check";
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
import { reachesAnyState } from "../reaches-any-state.ts";

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

  it("reach any state and return from it", { timeout: 120_000 }, async () => {
    await using harness = await openHarness();
    const key = "op-state-any.service";
    const text = fc.constantFrom("[Service]\nNice=1\n", "[Service]\nNice=2\n");
    const value = fc.record(
      {
        content: fc.constantFrom(service(1000), service(2000)),
        dropIns: fc.dictionary(fc.constantFrom("a.conf", "b.conf"), fc.option(text)),
        enabled: fc.boolean(),
        active: fc.boolean(),
      },
      { requiredKeys: ["content"] },
    );
    const masked = fc.constant({ masked: true, active: false });
    const own = fc.option(
      value.map((rest) => ({ ...rest, masked: false })),
      { nil: null },
    );
    const states = fc
      .tuple(own, fc.oneof(masked, fc.constant({ masked: false })))
      .map(([one, other]) => [
        { key, desired: one },
        { key: "systemd-ask-password-wall.path", desired: other },
      ]);
    const look = async () => [
      await harness.look(),
      await createSystemdManager(bus)
        .call("ListUnitsByNames", [[key]])
        .then(([[unit]]) => unit?.[3] ?? ""),
    ];
    const { plugin } = harness;
    await expect(reachesAnyState({ plugin, look }, states, 6)).resolves.toBeUndefined();
  });

  it("tell of their drift within a second", { timeout: 60_000 }, async () => {
    await using harness = await openHarness();
    const desired = harness.states[0]!;
    await reach(harness.plugin, desired);
    const stop = new AbortController();
    const keys = desired.map(({ key }) => key);
    const events = harness.plugin.watch!(keys, { signal: stop.signal })[Symbol.asyncIterator]();
    for (const _ of keys) await events.next();
    const changes = [
      () => createSystemdManager(bus).call("StopUnit", [keys[0]!, "replace"]),
      () => createSystemdManager(bus).call("DisableUnitFiles", [[keys[1]!], false]),
      () => createSystemdManager(bus).call("UnmaskUnitFiles", [[keys[2]!], false]),
    ];
    for (const [index, change] of changes.entries()) {
      await change();
      const startedMs = performance.now();
      for (;;) {
        const { value } = await events.next();
        if (value !== keys[index]) continue;
        const current = await harness.plugin.query([value], { signal });
        const found = await harness.plugin.diff([desired[index]!], current, { signal });
        if (found.length > 0) break;
      }
      expect(performance.now() - startedMs).toBeLessThan(1000);
    }
    stop.abort();
    await events.return?.();
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
      [
        "op-state-x.service",
        { content: "[Service]\n", enabled: true },
        "its content has no [Install]",
      ],
      ["basic.target", { enabled: true }, "it has no [Install] section to enable: what needs it"],
      ["systemd-fsck@.service", { active: true }, "declare systemd-fsck@name.service."],
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
