import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { ConfigInvalidError } from "../../src/config/config-error.ts";
import { createLogger, type ProcessLogger } from "../../src/logging/create-logger.ts";
import { LogConfig } from "../../src/logging/log-config.ts";

class Lines {
  text = "";
  readonly isTTY: boolean;
  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
  get records(): unknown[] {
    return this.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  }
}

function open(stderr: Lines, config: Partial<LogConfig> = {}, hasColour = true): ProcessLogger {
  const clock = createManualClock({ startMs: Date.UTC(2026, 10, 21, 4, 5, 6, 789) });
  return createLogger({ config: { ...LogConfig.parse({}), ...config }, stderr, clock, hasColour });
}

describe("createLogger", () => {
  test("writes JSON lines in order, with the fields of every parent", async () => {
    const stderr = new Lines();
    await using process_ = open(stderr);
    const call = process_.logger.child({ requestId: "r1" }).child({ tool: "t" });
    process_.logger.info("first");
    call.warn("second", { ms: 5 });
    await process_.flush();
    call.error("third");
    const time = "2026-11-21T04:05:06.789Z";
    expect(stderr.records).toEqual([
      { level: "info", pid: process.pid, time, msg: "first" },
      { level: "warn", pid: process.pid, time, requestId: "r1", tool: "t", ms: 5, msg: "second" },
      { level: "error", pid: process.pid, time, requestId: "r1", tool: "t", msg: "third" },
    ]);
  });

  test("leaves out what is below the level, which may change", async () => {
    const stderr = new Lines();
    await using process_ = open(stderr, { level: "warn" });
    process_.logger.info("hidden");
    process_.setLevel("debug");
    process_.logger.debug("shown");
    process_.setLevel("silent");
    process_.logger.error("hidden too");
    await process_.flush();
    expect(stderr.records).toMatchObject([{ msg: "shown" }]);
  });

  test("never writes secrets, in any spelling and depth", async () => {
    const stderr = new Lines();
    await using process_ = open(stderr);
    process_.logger.info("m", {
      password: "hunter2",
      headers: [{ Authorization: "Bearer hunter2", "x-api-key": "hunter2" }],
      auth: { accessToken: "hunter2", client_secret: "hunter2", apiKey: "hunter2" },
      env: { AWS_SECRET_ACCESS_KEY: "hunter2", DB_PWD: "hunter2", encryptionKey: "hunter2" },
      credentials: { user: "hunter2" },
      cookies: ["hunter2"],
      tokens: ["hunter2"],
      progressToken: 7,
      hasPassword: true,
    });
    await process_.flush();
    expect(stderr.text).not.toContain("hunter2");
    expect(stderr.text).toContain('"password":"[redacted]"');
    expect(stderr.text).toContain('"progressToken":7');
    expect(stderr.text).toContain('"hasPassword":true');
  });

  test("nothing in a value forges a line or a field", async () => {
    const stderr = new Lines();
    await using process_ = open(stderr);
    process_.logger.info('a\n{"level":"error"}', { level: "fake", text: "\u001B[2J\u0085\u2028" });
    await process_.flush();
    expect(stderr.text.trimEnd()).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(stderr.records).toMatchObject([{ level: "info", level_: "fake" }]);
  });

  test("writes errors, cycles and big numbers", async () => {
    const stderr = new Lines();
    await using process_ = open(stderr);
    const loop: Record<string, unknown> = { big: 5n };
    loop["self"] = loop;
    process_.logger.error("m", {
      loop,
      error: new Error("outer", { cause: new TypeError("inner") }),
    });
    await process_.flush();
    expect(stderr.records).toMatchObject([
      {
        loop: { big: "5", self: "[circular]" },
        error: { name: "Error", message: "outer", cause: { name: "TypeError", message: "inner" } },
      },
    ]);
  });

  test("is pretty on a terminal, with colours unless they are unwanted", async () => {
    const terminal = new Lines(true);
    await using coloured = open(terminal);
    coloured.logger.warn("look\u001B[2J", { tool: "a b", ms: 3, list: [1] });
    await coloured.flush();
    expect(terminal.text).toContain("\u001B[33mWARN \u001B[0m look\\u001b[2J");
    const plain = new Lines(true);
    await using uncoloured = open(plain, {}, false);
    uncoloured.logger.warn("look", { tool: "a b", ms: 3, list: [1] });
    await uncoloured.flush();
    expect(plain.text).toBe('04:05:06.789 WARN  look tool="a b" ms=3 list=[1]\n');
  });

  test("on a terminal an error is its message, and one that nobody foresaw has its origin below", async () => {
    const terminal = new Lines(true);
    await using opened = open(terminal, {}, false);
    const foreseen = new ConfigInvalidError([{ where: "here", message: "is wrong" }]);
    opened.logger.warn("foreseen", { error: foreseen });
    const refused = Object.assign(new Error("EACCES: no"), { code: "EACCES" });
    opened.logger.warn("refused", { error: refused });
    opened.logger.error("not foreseen", { error: new TypeError("a defect\nof two lines"), ms: 3 });
    await opened.flush();
    const [first, system, second, third, ...rest] = terminal.text.split("\n");
    expect(first).toMatch(/WARN {2}foreseen error="The configuration has a problem:\\n {2}here: /);
    expect(system).toMatch(/WARN {2}refused error="EACCES: no"$/);
    expect(second).toMatch(/ERROR not foreseen error="a defect\\nof two lines" ms=3$/);
    expect(third).toMatch(/^ +at .*create-logger\.test\.ts/);
    expect(rest.at(-1)).toBe("");
  });

  test("writes to a file instead where one is configured", async () => {
    const folder = mkdtempSync(join(tmpdir(), "op-mcp-log-"));
    const file = join(folder, "deep/op-mcp.log");
    const stderr = new Lines(true);
    await using process_ = open(stderr, { file });
    process_.logger.info("into the file");
    await process_.flush();
    expect(stderr.text).toBe("");
    expect(readFileSync(file, "utf8")).toContain('"msg":"into the file"');
    rmSync(folder, { recursive: true });
  });
});
