import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BusConnection } from "op-dbus";
import {
  createHostnamed,
  createLocaled,
  createSystemdManager,
  createTimedated,
} from "op-dbus/systemd";
import {
  createHostnamePlugin,
  createKeymapPlugin,
  createLocalePlugin,
  createTimePlugin,
} from "../../../src/plugins/dbus.ts";
import type { StatePlugin } from "../../../src/index.ts";
import { statePluginContract, type PluginHarness } from "../../../src/testing/index.ts";
import { missingSystemd, openRig } from "../../rig.ts";
import { reachesAnyState } from "../reaches-any-state.ts";

type Desired = Readonly<Record<string, string | boolean>>;

const signal = new AbortController().signal;
/** A container does not set the clock, unless it is told to try. */
const timesyncd = "etc/systemd/system/systemd-timesyncd.service.d";
const unconditional =
  "[Unit]\nConditionCapability=\nConditionVirtualization=\n[Service]\nAmbientCapabilities=\nCapabilityBoundingSet=\nSystemCallFilter=\n";

describe.skipIf(missingSystemd !== undefined)("settings of a real machine", () => {
  const stack = new AsyncDisposableStack();
  let bus: BusConnection;

  beforeAll(async () => {
    const rig = stack.use(await openRig());
    ({ bus } = rig);
    const keymaps = join(rig.root, "usr/share/keymaps");
    await mkdir(keymaps, { recursive: true });
    for (const name of ["de", "us"]) await writeFile(join(keymaps, `${name}.map`), "");
    await mkdir(join(rig.root, timesyncd), { recursive: true });
    await writeFile(join(rig.root, timesyncd, "in-a-container.conf"), unconditional);
    await createSystemdManager(bus).call("Reload", []);
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
      [
        { timezone: "Europe/Berlin", synchronised: true },
        { timezone: "America/New_York", synchronised: false },
      ],
      {
        look: async () => [await timedated.get("Timezone"), await timedated.get("NTP")],
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

  const openKeymap = async () => {
    const localed = createLocaled(bus);
    const names = ["VConsoleKeymap", "VConsoleKeymapToggle", "X11Layout", "X11Model"] as const;
    const more = ["X11Variant", "X11Options"] as const;
    return harness(
      createKeymapPlugin(bus),
      [
        { console: "de", layout: "de,us", model: "pc105", variant: "nodeadkeys,intl" },
        { console: "us", consoleToggle: "de", layout: "us", variant: "", options: "ctrl:nocaps" },
      ],
      {
        look: () => Promise.all([...names, ...more].map((name) => localed.get(name))),
        disturb: async () => {
          await localed.call("SetVConsoleKeyboard", ["us", "", false, false]);
        },
      },
    );
  };

  const word = (...values: readonly string[]) => fc.constantFrom(...values);
  const some = { requiredKeys: [] };

  describe.each([
    [
      "hostname",
      openHostname,
      fc.record({ static: word("", "a", "web-2.example.org"), pretty: word("", "Ä ö", "x") }, some),
    ],
    [
      "time",
      openTime,
      fc.record({ timezone: word("Asia/Tokyo", "Etc/UTC"), synchronised: fc.boolean() }, some),
    ],
    [
      "locale",
      openLocale,
      fc.record({ LC_TIME: word("", "C", "POSIX"), LC_PAPER: word("", "C") }, some),
    ],
    [
      "keymap",
      openKeymap,
      fc.record(
        {
          console: word("", "de", "us"),
          consoleToggle: word("", "us"),
          layout: word("de", "us", "us,de"),
          options: word("", "ctrl:nocaps"),
        },
        some,
      ),
    ],
  ] as const)("the %s plugin", (_, open, values) => {
    it.each(statePluginContract(open))("$name", async ({ check }) => {
      await expect(check()).resolves.toBeUndefined();
    });

    it("reaches any state and returns from it", { timeout: 60_000 }, async () => {
      await using opened = await open();
      const states = values.map((desired) => [{ key: "system", desired }]);
      await expect(reachesAnyState(opened, states, 12)).resolves.toBeUndefined();
    });
  });

  it("say beforehand which time zone there is not", async () => {
    const plugin = createTimePlugin(bus);
    const desired = [{ key: "system", desired: { timezone: "Mars/Base" } }];
    const current = await plugin.query(["system"], { signal });
    const changes = await plugin.diff(desired, current, { signal });
    expect(await plugin.check?.(changes, { signal })).toEqual([
      { resource: "time:system", reason: "there is no time zone Mars/Base." },
    ]);
  });

  it("say what they cannot set", async () => {
    const plugin = createKeymapPlugin(bus);
    const desired = [{ key: "system", desired: { console: "klingon" } }];
    const current = await plugin.query(["system"], { signal });
    const [change] = await plugin.diff(desired, current, { signal });
    const applied = plugin.apply(change!, { signal, progress: () => undefined });
    await expect(applied).rejects.toThrow("klingon");
  });
});
