import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createHostnamed,
  createLocaled,
  createSystemdManager,
  createSystemdUnit,
  createTimedated,
} from "op-dbus/systemd";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openSqliteStore,
  openStateEngine,
  parseDesiredState,
  type StateEngine,
} from "../../src/index.ts";
import {
  createHostnamePlugin,
  createLocalePlugin,
  createTimePlugin,
  createUnitsPlugin,
} from "../../src/plugins/dbus.ts";
import { createFilesPlugin, createSysctlPlugin } from "../../src/plugins/index.ts";
import { missingSystemd, openRig, type Rig } from "../rig.ts";
import { openScratch } from "../scratch.ts";
import { readTree } from "../tree.ts";

const author = { who: "ada", why: "a test" };
const service =
  "[Service]\nEnvironmentFile=/etc/app/environment\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n";

const document = {
  version: 1,
  state: {
    files: {
      "/etc/app": { type: "directory", mode: "0750" },
      "/etc/app/environment": { template: "NAME={{name}}\n", values: { name: "app" } },
      "/etc/motd": { content: "Be kind.\n" },
    },
    sysctl: { "net.ipv4.ip_forward": { value: 1 } },
    units: {
      "app.service": {
        content: service,
        enabled: true,
        active: true,
        requires: ["files:/etc/app/environment"],
      },
      "app.timer": {
        content: "[Timer]\nOnBootSec=1h\n",
        active: true,
        requires: ["units:app.service"],
      },
      "systemd-ask-password-wall.path": { masked: true, active: false },
    },
    hostname: { system: { static: "web-1", pretty: "Ada's machine" } },
    time: { system: { timezone: "Europe/Berlin" } },
    locale: { system: { LC_TIME: "C" } },
  },
};

describe.skipIf(missingSystemd !== undefined)("a whole machine", () => {
  const stack = new AsyncDisposableStack();
  let rig: Rig;
  let engine: StateEngine;
  let sysctl: string;
  let plugins: readonly Parameters<typeof parseDesiredState>[1][number][];

  beforeAll(async () => {
    const { path } = stack.use(await openScratch());
    rig = stack.use(await openRig());
    const { bus, root } = rig;
    sysctl = join(path, "sysctl/net/ipv4/ip_forward");
    await mkdir(join(path, "sysctl/net/ipv4"), { recursive: true });
    await writeFile(sysctl, "0\n");
    await createLocaled(bus).call("SetLocale", [["LANG=C.UTF-8"], false]);
    plugins = [
      createFilesPlugin({ root }),
      createSysctlPlugin({ root: join(path, "sysctl") }),
      createUnitsPlugin({ bus, root }),
      createHostnamePlugin(bus),
      createTimePlugin(bus),
      createLocalePlugin(bus),
    ];
    const store = stack.use(await openSqliteStore({ directory: join(path, "state") }));
    engine = stack.use(await openStateEngine({ plugins, store }));
  }, 60_000);

  afterAll(() => stack.disposeAsync(), 60_000);

  /** Everything but what services write down for themselves. */
  async function look() {
    const { bus, root } = rig;
    const [names, clock, language] = [
      createHostnamed(bus),
      createTimedated(bus),
      createLocaled(bus),
    ];
    const units = await createSystemdManager(bus).call("ListUnitFiles", []);
    return {
      etc: await readTree(join(root, "etc/systemd")),
      motd: await readFile(join(root, "etc/motd"), "utf8").catch(() => "none"),
      app: await readTree(join(root, "etc/app")).catch(() => "none"),
      forward: (await readFile(sysctl, "utf8")).trim(),
      units: new Map(units[0]),
      names: [
        await names.get("StaticHostname"),
        await names.get("Hostname"),
        await names.get("PrettyHostname"),
      ],
      timezone: await clock.get("Timezone"),
      language: await language.get("Locale"),
      wall: await createSystemdUnit(bus, "systemd-ask-password-wall.path").get("ActiveState"),
    };
  }

  it("becomes as declared, is watched, and goes back in full", async () => {
    const { bus, root } = rig;
    const desired = parseDesiredState(document, plugins);
    const resources = desired.map(({ plugin, key }) => ({ plugin, key }));
    const before = await look();
    const start = await engine.checkpoint({ ...author, resources });
    const plan = await engine.plan(desired);
    expect(plan.changes.length).toBe(10);
    await engine.apply(plan, author);
    expect(await engine.verify(desired)).toEqual([]);
    expect((await engine.plan(desired)).changes).toEqual([]);

    const stop = new AbortController();
    const events = engine.watch({ signal: stop.signal })[Symbol.asyncIterator]();
    const first = events.next();
    await createSystemdManager(bus).call("StopUnit", ["app.service", "replace"]);
    const startedMs = performance.now();
    expect((await first).value).toMatchObject({ resource: "units:app.service" });
    expect(performance.now() - startedMs).toBeLessThan(1000);
    stop.abort();
    await events.return?.();

    await writeFile(join(root, "etc/motd"), "by hand");
    const drift = await engine.drift();
    expect(drift.map(({ resource }) => resource)).toEqual(["files:/etc/motd", "units:app.service"]);
    await engine.rollback(start.id, author);
    expect(await look()).toEqual(before);
  }, 60_000);
});
