import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openDbusNextConnection } from "../../src/dbus-next/index.ts";
import { describeBusConnection } from "../../src/testing/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";

const cannot = /more than the dbus-next package can do/;

/** What dbus-next does worse than the port promises; the README tells it to users. */
const knownFailures = {
  "carries the largest and the smallest integers": cannot,
  "carries numbers that are not finite": cannot,
  "carries dictionaries whose keys are numbers": cannot,
  "carries dictionaries whose keys are truth values": cannot,
  "carries a key that is special in JavaScript": cannot,
  "fails what is pending when the bus dies, and says so": /CallTimeoutError/,
  "comes back with its rules and names when the bus does": /TimeoutError/,
};

describeBusConnection("dbus-next", {
  openBus: () => openDbusDaemon(),
  openConnection: (address) => openDbusNextConnection({ address, callTimeoutMs: 500 }),
  knownFailures,
});

describe("a connection by dbus-next", () => {
  it("rejects when there is no bus", async () => {
    const opening = openDbusNextConnection({ address: "unix:path=/nowhere/bus" });
    await expect(opening).rejects.toMatchObject({ code: "ERR_DBUS_CONNECT", retryable: true });
  });

  it("says in the README which cases of the contract fail", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const [table = ""] = readme.slice(readme.indexOf("| case ")).split("\n\n");
    const listed = [...table.matchAll(/^\| (?!case|-)(.+?) +\|/gmu)].map(([, title]) => title);
    expect(new Set(listed)).toEqual(new Set(Object.keys(knownFailures)));
  });
});
