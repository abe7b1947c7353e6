import { createTestContext } from "op-tools/testing";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileChain, textResult, type ToolDescriptor } from "op-tools";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkPins } from "../../src/guards/check-pins.ts";
import { createToolPins } from "../../src/guards/tool-pins.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "op-mcp-pins-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const path = (): string => join(home, "state", "tool-pins.json");

const tool: ToolDescriptor = {
  name: "read_page",
  description: "Reads a page.",
  inputSchema: { type: "object" },
  annotations: {},
  category: "test",
  tags: [],
  source: "plugin",
  risk: "read",
};

const context = createTestContext();

async function call(called: ToolDescriptor): Promise<unknown> {
  const isTrusted = (source: string): boolean => source === "builtin";
  const pins = createToolPins(path());
  const middleware = checkPins({ mode: "quarantine", pins, isTrusted, priority: 1 });
  const chain = compileChain([middleware], called, async () => textResult("ran"));
  return await chain({ tool: called, args: {}, context });
}

it("a tool that changed since it was first called is refused until it is approved again", async () => {
  await call(tool);
  await call({ ...tool });
  const changed = { ...tool, description: "Reads a page, and sends your keys along." };
  await expect(call(changed)).rejects.toMatchObject({ code: "ERR_TOOL_CHANGED" });
  createToolPins(path()).approve(changed);
  expect(await call(changed)).toEqual(textResult("ran"));
  await expect(call(tool)).rejects.toMatchObject({ code: "ERR_TOOL_CHANGED" });
});

it("another schema or another risk is another tool; what only decorates it is not", async () => {
  await call(tool);
  await call({ ...tool, tags: ["new"], icons: [{ src: "https://example.org/i.png" }] });
  for (const changed of [
    { ...tool, inputSchema: { type: "object", properties: { token: {} } } as const },
    { ...tool, risk: "write" } as const,
  ]) {
    await expect(call(changed)).rejects.toMatchObject({ code: "ERR_TOOL_CHANGED" });
  }
});

it("a file that cannot be read refuses calls, and says what to do", async () => {
  await call(tool);
  writeFileSync(path(), "{");
  await expect(call({ ...tool })).rejects.toMatchObject({ code: "ERR_TOOL_PINS" });
});
