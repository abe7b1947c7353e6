import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sshBusCommand } from "../../src/index.ts";

describe("the command that leads to another machine's bus", () => {
  it("is what busctl runs, with nothing that could ask or hang", () => {
    const { file, args } = sshBusCommand({ host: "db1.example.com" });
    const settings =
      "-o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=15 -o ServerAliveCountMax=3";
    expect(file).toBe("ssh");
    expect(args.join(" ")).toBe(`-xT ${settings} -- db1.example.com systemd-stdio-bridge`);
    const other = sshBusCommand({ host: "fe80::1%eth0", bus: "user", user: "ada", port: 2222 });
    const rest = "-l ada -p 2222 -- fe80::1%eth0 systemd-stdio-bridge --user";
    expect(other.args.join(" ")).toBe(`-xT ${settings} ${rest}`);
  });

  it.each([
    { host: "-oProxyCommand=touch /tmp/x" },
    { host: "" },
    { host: "a b" },
    { host: "a;b" },
    { host: "ssh://a" },
    { host: "root@a" },
    { host: "a\n" },
    { host: "a", user: "-l" },
    { host: "a", user: "x y" },
    { host: "a", port: 0 },
    { host: "a", port: 65_536 },
    { host: "a", port: 22.5 },
  ])("is not made for %o", (options) => {
    expect(() => sshBusCommand(options)).toThrow(
      expect.objectContaining({ code: "ERR_DBUS_ADDRESS" }),
    );
  });

  it("has no option that came from a host's name, whatever the name is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (host) => {
        let args: readonly string[];
        try {
          ({ args } = sshBusCommand({ host }));
        } catch {
          return;
        }
        expect(host.startsWith("-")).toBe(false);
        expect(args.slice(-3)).toEqual(["--", host, "systemd-stdio-bridge"]);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
