import { existsSync } from "node:fs";
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
