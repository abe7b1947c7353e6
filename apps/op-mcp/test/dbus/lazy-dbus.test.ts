import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "op-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DBusSettings } from "../../src/dbus/dbus-settings.ts";
import { createLazyDBus } from "../../src/dbus/lazy-dbus.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "op-mcp-dbus-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function create(system: string | undefined, session?: string, config: object = {}) {
  return createLazyDBus({
    config: DBusSettings.parse(config),
    systemBusAddress: system,
    sessionBusAddress: session,
    cacheDirectory: home,
    isServing: false,
    clock: systemClock,
    logger: silentLogger,
  });
}

const { signal } = new AbortController();
const bus = "unix:path=/nonexistent/bus";

describe("the machines of D-Bus", () => {
  it("are this one where it has a bus, and each that is configured", () => {
    const namesOf = (machines: ReturnType<typeof create>) =>
      machines.map(({ tools }) => tools.name);
    expect(namesOf(create(undefined))).toEqual([]);
    expect(namesOf(create(undefined, bus))).toEqual(["dbus"]);
    const hosts = [{ name: "web", ssh: "web.example.org" }];
    expect(namesOf(create(bus, undefined, { hosts }))).toEqual(["dbus", "dbus-web"]);
    expect(namesOf(create(bus, bus, { system: "none", session: "none" }))).toEqual([]);
  });

  it("answer for their own buses alone", () => {
    const [machine] = create(bus);
    expect(machine?.resources.owns("dbus://system/org.example/a")).toBe(true);
    expect(machine?.resources.owns("dbus://session/org.example/a")).toBe(false);
    expect(machine?.resources.owns("audit://recent")).toBe(false);
  });

  it("know their list by what lies on the disk, without connecting anywhere", async () => {
    mkdirSync(join(home, "dbus"));
    writeFileSync(join(home, "dbus", "dbus.stamp"), "one");
    const fingerprint = async (config: object = {}) =>
      await create(bus, undefined, config)[0]?.tools.fingerprint?.({ signal });
    const before = await fingerprint();
    expect(await fingerprint()).toBe(before);
    expect(await fingerprint({ maxTools: 1 })).not.toBe(before);
    writeFileSync(join(home, "dbus", "dbus.stamp"), "two");
    expect(await fingerprint()).not.toBe(before);
  });

  it("close although nothing of them was used", async () => {
    const [machine] = create(bus);
    await expect(machine?.resources[Symbol.asyncDispose]()).resolves.toBeUndefined();
    await expect(machine?.tools[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
});
