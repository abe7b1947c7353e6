import { describe, expect, it } from "vitest";
import { parseBusAddresses } from "../../src/link/bus-address.ts";

describe("an address", () => {
  it("may be a list", () => {
    expect(
      parseBusAddresses("unix:path=/a,guid=12;tcp:host=h,port=5,family=ipv4;;launchd:env=X"),
    ).toMatchObject([
      { transport: "unix", path: "/a", guid: "12" },
      { transport: "tcp", host: "h", port: 5, family: 4, nonceFile: undefined },
      { transport: "unsupported" },
    ]);
  });

  it("may be abstract, and escaped", () => {
    expect(parseBusAddresses("unix:abstract=%2Ftmp%2Fdbus%2d1%3b")).toMatchObject([
      { path: "\0/tmp/dbus-1;" },
    ]);
  });

  it("may have a nonce", () => {
    expect(parseBusAddresses("nonce-tcp:host=h,port=5,noncefile=/n")).toMatchObject([
      { transport: "tcp", nonceFile: "/n" },
    ]);
  });

  it.each([
    "",
    ";",
    "unix",
    ":path=/a",
    "unix:path",
    "unix:=x",
    "unix:path=/a,path=/b",
    "unix:path=/a,abstract=b",
    "unix:path=%zz",
    "unix:path=%ff",
    "tcp:host=h",
    "tcp:host=h,port=0",
    "tcp:host=h,port=70000",
    "tcp:host=h,port=5,family=ipv5",
    "nonce-tcp:host=h,port=5",
  ])("is not %j", (address) => {
    expect(() => parseBusAddresses(address)).toThrow(
      expect.objectContaining({ code: "ERR_DBUS_ADDRESS" }),
    );
  });
});
