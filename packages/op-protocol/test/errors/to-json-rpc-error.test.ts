import { OpError, silentLogger } from "op-core";
import { PromptNotFoundError, ResourceNotFoundError, ToolNotFoundError } from "op-tools";
import { describe, expect, it } from "vitest";
import { toJsonRpcError } from "../../src/errors/to-json-rpc-error.ts";
import { JsonRpcError } from "../../src/index.ts";

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

function openOrigin(era: "legacy" | "modern") {
  const logged: unknown[] = [];
  const logger = {
    ...silentLogger,
    error: (message: string, fields?: object) => void logged.push({ message, ...fields }),
  };
  return { logged, origin: { era, requestId: "s:1", logger } as const };
}

describe("an error as the protocol shows it", () => {
  it.each([
    ["legacy", new ResourceNotFoundError("x://y"), -32_002],
    ["modern", new ResourceNotFoundError("x://y"), -32_602],
    ["modern", new ToolNotFoundError("x"), -32_602],
    ["legacy", new PromptNotFoundError("x"), -32_602],
    ["modern", new JsonRpcError(-32_022, "Unsupported", { supported: [] }), -32_022],
    ["modern", full, -32_603],
  ] as const)("%s: %o is %i", (era, error, code) => {
    expect(toJsonRpcError(error, openOrigin(era).origin).code).toBe(code);
  });

  it("says what to do, and carries the code as data", () => {
    expect(toJsonRpcError(full, openOrigin("modern").origin)).toEqual({
      code: -32_603,
      message: "Nothing can be written to /var. Free some space.",
      data: {
        code: "ERR_DISK_FULL",
        retryable: true,
        advice: "Free some space.",
        data: { path: "/var" },
      },
    });
  });

  it("keeps what is unexpected to the log, under a number both have", () => {
    const { logged, origin } = openOrigin("modern");
    const error = new TypeError("secret");
    const shown = JSON.stringify(toJsonRpcError(error, origin));
    expect(shown).toContain("s:1");
    expect(shown).not.toContain("secret");
    expect(logged).toEqual([{ message: "a request failed unexpectedly", requestId: "s:1", error }]);
  });

  it("logs nothing of a client that left, and what else failed after it did", () => {
    const { logged, origin } = openOrigin("modern");
    const left = new DOMException("The client closed the request.", "AbortError");
    const signal = AbortSignal.abort(left);
    expect(toJsonRpcError(left, { ...origin, signal }).message).toBe("The request was cancelled.");
    expect(logged).toEqual([]);
    toJsonRpcError(new TypeError("x is not a function"), { ...origin, signal });
    expect(logged).toHaveLength(1);
  });
});
