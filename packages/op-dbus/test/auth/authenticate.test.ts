import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  createCookieMechanism,
  createExternalMechanism,
  openBusConnection,
  type BusConnectionOptions,
} from "../../src/index.ts";
import { openDbusDaemon, type DbusDaemonOptions } from "../rig/dbus-daemon.ts";

const getId = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
  member: "GetId",
};

const tcp = "tcp:host=127.0.0.1,port=0";

async function connect(
  daemonOptions: DbusDaemonOptions,
  optionsOf: (address: string) => BusConnectionOptions = (address) => ({ address }),
): Promise<unknown> {
  await using daemon = await openDbusDaemon(daemonOptions);
  await using connection = await openBusConnection(optionsOf(daemon.address));
  const { body } = await connection.call(getId);
  return body[0];
}

const aGuid = expect.stringMatching(/^[0-9a-f]{32}$/);

describe("a client authenticates", () => {
  it("by what the kernel says over a Unix socket", async () => {
    await expect(connect({ auth: ["EXTERNAL"] })).resolves.toEqual(aGuid);
  });

  it("by what the kernel says without naming a user", async () => {
    const auth = [createExternalMechanism(undefined)];
    await expect(connect({}, (address) => ({ address, auth }))).resolves.toEqual(aGuid);
  });

  it("after its user was refused", async () => {
    const auth = [createExternalMechanism(12_345), "EXTERNAL" as const];
    await expect(connect({}, (address) => ({ address, auth }))).resolves.toEqual(aGuid);
  });

  it("by a cookie over TCP", async () => {
    const home = await mkdtemp(join(tmpdir(), "op-dbus-home-"));
    try {
      const keyringDirectory = () => join(home, ".dbus-keyrings");
      const user = String(process.geteuid?.());
      const auth = [createCookieMechanism({ user, keyringDirectory })];
      const daemon = { auth: ["DBUS_COOKIE_SHA1"], listen: tcp, home };
      await expect(connect(daemon, (address) => ({ address, auth }))).resolves.toEqual(aGuid);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it("as nobody over TCP where that is allowed", async () => {
    const daemon = { auth: ["ANONYMOUS"], listen: tcp, allowAnonymous: true };
    await expect(connect(daemon)).resolves.toEqual(aGuid);
  });

  it("over a socket with a nonce", async () => {
    const daemon = { auth: ["ANONYMOUS"], listen: `nonce-${tcp}`, allowAnonymous: true };
    await expect(connect(daemon)).resolves.toEqual(aGuid);
  });

  it("over an abstract socket", async () => {
    const listen = `unix:abstract=op-dbus-test-${process.pid}`;
    await expect(connect({ listen })).resolves.toEqual(aGuid);
  });

  it("at the first address that works", async () => {
    const addresses = (address: string): BusConnectionOptions => ({
      address: `unix:path=/nonexistent;autolaunch:;tcp:host=127.0.0.1,port=1;${address}`,
    });
    await expect(connect({}, addresses)).resolves.toEqual(aGuid);
  });

  it("at an address with escapes", async () => {
    const escaped = (address: string): BusConnectionOptions => ({
      address: address.replace("/bus", "%2Fb%75s"),
    });
    await expect(connect({}, escaped)).resolves.toEqual(aGuid);
  });

  it("to no other bus than the one the address names", async () => {
    const other = (address: string): BusConnectionOptions => ({
      address: `${address},guid=00000000000000000000000000000000`,
    });
    await expect(connect({}, other)).rejects.toMatchObject({
      code: "ERR_DBUS_CONNECT",
      cause: { code: "ERR_DBUS_AUTH" },
    });
  });

  it("and says what went wrong at every address", async () => {
    const address = "unix:path=/nonexistent;unix:runtime=yes";
    await expect(openBusConnection({ address })).rejects.toMatchObject({
      code: "ERR_DBUS_CONNECT",
      data: {
        reasons: [
          "unix:path=/nonexistent: connect ENOENT /nonexistent",
          "unix:runtime=yes: it names neither a path nor an abstract socket",
        ],
      },
    });
  });
});
