import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { openNativeBackend } from "../../src/index.ts";
import { describeExecutionBackend } from "../../src/testing/index.ts";
import { never } from "../fixtures/pools.ts";

describeExecutionBackend("the native backend", async () => await openNativeBackend());

it("removes the workspaces that nobody has removed", async () => {
  const backend = await openNativeBackend();
  const { path } = await backend.openWorkspace({ signal: never });
  expect(existsSync(path)).toBe(true);
  await backend[Symbol.asyncDispose]();
  expect(existsSync(path)).toBe(false);
});
