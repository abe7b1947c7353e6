import { describe, expect, test } from "vitest";
import {
  checkConfig,
  checkDirectories,
  checkNode,
  checkUser,
  failedCheck,
} from "../../src/cli/doctor/local-checks.ts";
import { ConfigFolder } from "../config/config-folder.ts";

describe("local checks", () => {
  test("an old Node fails with advice", () => {
    expect(checkNode("v24.1.0").status).toBe("ok");
    expect(checkNode("v22.9.0")).toMatchObject({ status: "fail", advice: "Use Node 24 or newer." });
  });

  test("warns of running as root", () => {
    expect(checkUser(1000)).toMatchObject({ status: "ok", detail: "uid 1000" });
    expect(checkUser(0)).toMatchObject({ status: "warn", advice: expect.stringContaining("user") });
  });

  test("the files in use are named", async () => {
    using folder = new ConfigFolder();
    expect(checkConfig(await folder.load()).detail).toMatch(/no file is in use/);
    const file = folder.write("etc/config.json", {});
    expect(checkConfig(await folder.load())).toMatchObject({
      status: "ok",
      detail: `${file} (system)`,
    });
  });

  test("directories follow XDG and the configuration", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", { paths: { stateDir: "/proc/nothing/here" } });
    const checks = checkDirectories(await folder.load(), folder.env);
    expect(checks).toMatchObject([
      { status: "ok", detail: `${folder.root}/.cache/op-mcp (made when needed)` },
      { detail: expect.stringMatching(/^\/proc\/nothing\/here/) },
    ]);
  });

  test("a failed step keeps its advice", () => {
    expect(failedCheck("System", new Error("no"))).toEqual({
      name: "System",
      status: "fail",
      detail: "no",
    });
  });
});
