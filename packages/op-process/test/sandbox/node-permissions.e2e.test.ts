import { expect, test } from "vitest";
import { nodePermissionFlags, openProcessHost } from "../../src/index.ts";
import { runChild } from "../fixtures/run-child.ts";

test("everything is off unless it is named", () => {
  expect(nodePermissionFlags({})).toEqual(["--permission"]);
  expect(
    nodePermissionFlags({
      read: ["/a", "/b"],
      write: ["/c"],
      childProcess: true,
      worker: true,
      addons: true,
    }),
  ).toEqual([
    "--permission",
    "--allow-fs-read=/a",
    "--allow-fs-read=/b",
    "--allow-fs-write=/c",
    "--allow-child-process",
    "--allow-worker",
    "--allow-addons",
  ]);
});

test("a node child reads what it may, and nothing else", async () => {
  await using host = await openProcessHost();
  const program = `for (const f of ["/etc/hostname", "/etc/passwd"]) try { require("fs").readFileSync(f); console.log("read") } catch (e) { console.log(e.code) }`;
  const { stdout } = await runChild(host, {
    argv: [process.execPath, ...nodePermissionFlags({ read: ["/etc/hostname"] }), "-e", program],
    cwd: "/",
  });
  expect(stdout).toBe("read\nERR_ACCESS_DENIED\n");
});
