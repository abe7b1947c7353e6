import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openNativeBackend } from "../../src/index.ts";
import { never } from "../fixtures/pools.ts";

it("removes the workspaces that nobody has removed", async () => {
  const backend = await openNativeBackend();
  const { path } = await backend.openWorkspace({ signal: never });
  expect(existsSync(path)).toBe(true);
  await backend[Symbol.asyncDispose]();
  expect(existsSync(path)).toBe(false);
});

it("removes the workspaces of a process that was killed", { timeout: 30_000 }, async () => {
  const driver = fileURLToPath(new URL("../fixtures/workspace-driver.ts", import.meta.url));
  const killed = spawn(process.execPath, ["--conditions=@op-mcp/source", driver], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [path] = await once(createInterface(killed.stdout), "line");
  const exited = once(killed, "exit");
  killed.kill("SIGKILL");
  await exited;
  expect(existsSync(String(path))).toBe(true);
  await using backend = await openNativeBackend();
  expect(backend.place.kind).toBe("native");
  expect(existsSync(dirname(String(path)))).toBe(false);
});
