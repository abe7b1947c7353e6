import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BusConnection } from "op-dbus";
import { createHostnamed, createLocaled, createTimedated } from "op-dbus/systemd";
import {
  createHostnamePlugin,
  createLocalePlugin,
  createTimePlugin,
} from "../../../src/plugins/dbus.ts";
import type { StatePlugin } from "../../../src/index.ts";
import { statePluginContract, type PluginHarness } from "../../../src/testing/index.ts";
import { missingSystemd, openRig } from "../../rig.ts";

type Desired = Readonly<Record<string, string>>;

describe.skipIf(missingSystemd !== undefined)("settings of a real machine", () => {
  const stack = new AsyncDisposableStack();
  let bus: BusConnection;

  beforeAll(async () => {
    ({ bus } = stack.use(await openRig()));
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  function harness(
    plugin: StatePlugin,
    states: readonly Desired[],
    rest: Pick<PluginHarness, "look" | "disturb">,
  ): PluginHarness {
    return {
      plugin,
      states: states.map((desired) => [{ key: "system", desired }]),
      ...rest,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  const openHostname = async () => {
    const hostnamed = createHostnamed(bus);
    const names = ["StaticHostname", "Hostname", "PrettyHostname", "Location"] as const;
    return harness(
      createHostnamePlugin(bus),
      [
        { static: "web-1", pretty: "Ada's machine" },
        { static: "", pretty: "", location: "upstairs" },
      ],
      {
        look: () => Promise.all(names.map((name) => hostnamed.get(name))),
        disturb: async () => {
          await hostnamed.call("SetPrettyHostname", [`by hand`, false]);
        },
      },
    );
  };

  const openTime = async () => {
    const timedated = createTimedated(bus);
    return harness(
      createTimePlugin(bus),
      [{ timezone: "Europe/Berlin" }, { timezone: "America/New_York" }],
      {
        look: () => timedated.get("Timezone"),
        disturb: async () => {
          await timedated.call("SetTimezone", ["Asia/Tokyo", false]);
        },
      },
    );
  };

  const openLocale = async () => {
    const localed = createLocaled(bus);
    await localed.call("SetLocale", [["LANG=C.UTF-8"], false]);
    return harness(
      createLocalePlugin(bus),
      [
        { LANG: "C.UTF-8", LC_TIME: "C" },
        { LC_TIME: "", LC_NUMERIC: "POSIX" },
      ],
      {
        look: async () => (await localed.get("Locale")).toSorted(),
        disturb: async () => {
          await localed.call("SetLocale", [["LANG=POSIX"], false]);
        },
      },
    );
  };

  describe.each([
    ["hostname", openHostname],
    ["time", openTime],
    ["locale", openLocale],
  ] as const)("the %s plugin", (_, open) => {
    it.each(statePluginContract(open))("$name", async ({ check }) => {
      await expect(check()).resolves.toBeUndefined();
    });
  });
});
