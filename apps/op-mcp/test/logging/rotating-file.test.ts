import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { bornAt, RotatingFile, type RotatingFileOptions } from "../../src/logging/rotating-file.ts";

class Folder implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "op-mcp-rotate-"));
  readonly file = join(this.root, "op.log");
  readonly clock = createManualClock({ startMs: Date.now() });
  fallback = "";

  open(options: Partial<RotatingFileOptions> = {}): RotatingFile {
    return new RotatingFile({
      file: this.file,
      maxBytes: 100,
      maxAgeMs: 60_000,
      maxFiles: 3,
      clock: this.clock,
      writeFallback: (text) => {
        this.fallback += text;
      },
      ...options,
    });
  }

  read(suffix = ""): string {
    return existsSync(this.file + suffix) ? readFileSync(this.file + suffix, "utf8") : "";
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

describe("RotatingFile", () => {
  test("only its owner can read it", () => {
    using folder = new Folder();
    using file = folder.open();
    file.write("secret\n");
    expect(statSync(folder.file).mode & 0o777).toBe(0o600);
  });

  test("keeps the newest lines in order, in files within the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
        (lengths) => {
          using folder = new Folder();
          using file = folder.open();
          const lines = lengths.map((length, index) => `${index}:${"x".repeat(length)}\n`);
          for (const line of lines) file.write(line);
          const parts = [".3", ".2", ".1", ""].map((suffix) => folder.read(suffix));
          expect(lines.join("").endsWith(parts.join(""))).toBe(true);
          expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(100);
          expect(existsSync(`${folder.file}.4`)).toBe(false);
          expect(folder.fallback).toBe("");
        },
      ),
      { seed: 8, numRuns: 50 },
    );
  });

  test("rotates an old file", async () => {
    using folder = new Folder();
    using file = folder.open();
    file.write("yesterday\n");
    await folder.clock.advance(120_000);
    file.write("today\n");
    expect([folder.read(".1"), folder.read()]).toEqual(["yesterday\n", "today\n"]);
  });

  test("takes a file of unknown age for as old as its opening, not for one of 1970", () => {
    expect(bornAt({ birthtimeMs: 0 }, 1000)).toBe(1000);
    expect(bornAt({ birthtimeMs: 500 }, 1000)).toBe(500);
  });

  test("two processes share a file without losing a line", () => {
    using folder = new Folder();
    using first = folder.open({ maxFiles: 50 });
    using second = folder.open({ maxFiles: 50 });
    for (let index = 0; index < 30; index += 1) {
      first.write(`first ${index} ${"x".repeat(20)}\n`);
      second.write(`second ${index} ${"x".repeat(20)}\n`);
    }
    const all = Array.from({ length: 51 }, (_, index) =>
      folder.read(index === 0 ? "" : `.${index}`),
    );
    expect(all.join("").split("\n").filter(Boolean)).toHaveLength(60);
  });

  test("continues in a new file after another program moved it away", () => {
    using folder = new Folder();
    using file = folder.open();
    file.write("a\n");
    renameSync(folder.file, `${folder.file}.old`);
    file.reopen();
    file.write("b\n");
    expect([folder.read(".old"), folder.read()]).toEqual(["a\n", "b\n"]);
  });

  test("gives lines to the fallback while the file cannot be written, and says so once", () => {
    using folder = new Folder();
    mkdirSync(folder.file);
    using file = folder.open();
    file.write("a\n");
    file.write("b\n");
    expect(folder.fallback).toMatch(/^\{.*cannot be written.*EISDIR.*\}\na\nb\n$/s);
    rmSync(folder.file, { recursive: true });
    file.write("c\n");
    expect(folder.read()).toBe("c\n");
  });

  test.runIf(existsSync("/dev/full"))("survives a full disk", () => {
    using folder = new Folder();
    using file = folder.open({ file: "/dev/full", maxFiles: 1 });
    file.write("a\n");
    expect(folder.fallback).toMatch(/ENOSPC.*\na\n$/s);
  });
});
