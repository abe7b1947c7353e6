import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** How large the space for new objects is in a process that allocated a lot. */
function youngBytes(mode: "bounded" | "free"): number {
  const program = fileURLToPath(new URL("young-heap-program.ts", import.meta.url));
  const args = ["--conditions=@op-mcp/source", program, mode];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

describe("the space for new objects", () => {
  it("grows with the load up to a bound", () => {
    const bounded = youngBytes("bounded");
    expect(bounded).toBeGreaterThan(8_000_000);
    expect(bounded).toBeLessThan(youngBytes("free"));
  });
});
