import { expect, test } from "vitest";
import { SpawnError, type SpawnSpec } from "../../src/index.ts";
import { checkSpec } from "../../src/spec/check-spec.ts";

const fine: SpawnSpec = { argv: ["/bin/true"], cwd: "/" };

test("what can be started passes", () => {
  checkSpec(fine);
  checkSpec({
    ...fine,
    argv: ["true", "", "-- ; $(x)", "ü\n"],
    env: { A: "", B_1: "=\n" },
    limits: { cpus: 0.5, wallTimeMs: 0 },
    graceMs: 0,
    sandbox: { readable: ["/a"], writable: ["/b"], hidden: ["/c"], user: "same" },
  });
  expect.assertions(0);
});

test.each<[string, Partial<SpawnSpec>]>([
  ["argv names no program", { argv: [""] }],
  ["an argument contains a NUL character", { argv: ["a", "b\0c"] }],
  ["cwd is no absolute path", { cwd: "relative" }],
  ['"A=B" can\'t be the name of a variable', { env: { "A=B": "" } }],
  ['"" can\'t be the name of a variable', { env: { "": "x" } }],
  ["a variable contains a NUL character", { env: { A: "\0" } }],
  ['"x" is no absolute path', { sandbox: { writable: ["x"] } }],
  ["memoryBytes is no number from 0 that can be enforced", { limits: { memoryBytes: -1 } }],
  ["openFiles is no number from 0 that can be enforced", { limits: { openFiles: 1.5 } }],
  ["cpus is no number from 0 that can be enforced", { limits: { cpus: Number.NaN } }],
  ["no sandbox makes anybody root", { sandbox: { user: { uid: 0, gid: 0 } } }],
  ["graceMs is no number from 0 that can be enforced", { graceMs: Number.POSITIVE_INFINITY }],
])("%s", (detail, change) => {
  expect(() => checkSpec({ ...fine, ...change })).toThrow(SpawnError);
  expect(() => checkSpec({ ...fine, ...change })).toThrow(detail);
});
