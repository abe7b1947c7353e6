import { OpError, silentLogger } from "op-core";
import { describe, expect, it } from "vitest";
import { errorResult } from "../../src/tool/error-result.ts";

class DiskFullError extends OpError {
  static readonly code = "ERR_DISK_FULL";
  static readonly meaning = "For this test.";
  readonly code = DiskFullError.code;
}

const full = new DiskFullError("Nothing can be written to /var.", {
  advice: "Free some space.",
  data: { path: "/var" },
  retryable: true,
});

describe("a failed tool as a model sees it", () => {
  it("is the code, what happened and what to do, as text and as data", () => {
    expect(errorResult(full, { requestId: "s:1", logger: silentLogger })).toEqual({
      content: [
        { type: "text", text: "ERR_DISK_FULL: Nothing can be written to /var.\nFree some space." },
      ],
      isError: true,
      _meta: {
        "op-mcp/error": {
          code: "ERR_DISK_FULL",
          retryable: true,
          advice: "Free some space.",
          data: { path: "/var" },
        },
      },
    });
  });

  it("shows nothing of what is unexpected", () => {
    expect(
      JSON.stringify(errorResult("a thrown text", { requestId: "s:1", logger: silentLogger })),
    ).not.toContain("thrown");
  });
});
