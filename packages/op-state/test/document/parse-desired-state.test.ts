import { describe, expect, it } from "vitest";
import { isErrorOf } from "op-core";
import { parseDesiredState, StateInputError } from "../../src/index.ts";
import { createFilesPlugin } from "../../src/plugins/index.ts";

const plugins = [createFilesPlugin({ root: "/nonexistent" })];

function problemsIn(value: unknown): readonly string[] {
  try {
    parseDesiredState(value, plugins);
  } catch (error) {
    if (!isErrorOf(error, StateInputError) || !(error instanceof StateInputError)) throw error;
    return error.problems.map(({ resource, reason }) => `${resource} — ${reason}`);
  }
  return [];
}

describe("a document of desired state", () => {
  it("becomes resources", () => {
    const files = {
      "/a": { content: "x", requires: ["files:/b"] },
      "/b": "absent",
    };
    expect(parseDesiredState({ version: 1, state: { files } }, plugins)).toEqual([
      { plugin: "files", key: "/a", desired: { content: "x" }, requires: ["files:/b"] },
      { plugin: "files", key: "/b", desired: null, requires: [] },
    ]);
  });

  it("is told what is wrong with each resource, and where", () => {
    const files = {
      "/a": { mode: "0999", colour: "red" },
      "/a/../b": {},
      relative: {},
      "/c": { requires: ["files:/nowhere"] },
    };
    expect(problemsIn({ version: 1, state: { files, fils: { "/x": {} } } })).toMatchInlineSnapshot(`
      [
        "files:/a — mode: Invalid string: must match pattern /^[0-7]{3,4}$/",
        "files:/a — Unrecognized key: "colour"",
        "files:/a/../b — its name has to be an absolute path like /etc/motd, without dot parts.",
        "files:relative — its name has to be an absolute path like /etc/motd, without dot parts.",
        "fils:/x — there is no plugin fils, but files.",
        "files:/c — requires files:/nowhere, which is not declared.",
      ]
    `);
    expect(
      problemsIn({ version: 1, state: { files: { "/a": 7, "/b": { requires: 1 } } } }),
    ).toEqual([
      'files:/a — it has to be an object, or "absent".',
      "files:/b — requires has to be a list of plugin:key.",
    ]);
  });

  it.each([
    [null],
    ["text"],
    [{ version: 2, state: {} }],
    [{ version: 1 }],
    [{ version: 1, state: [] }],
  ])("is refused when it is %j", (value) => {
    expect(problemsIn(value)[0]).toMatch(/^the document — /u);
  });
});
