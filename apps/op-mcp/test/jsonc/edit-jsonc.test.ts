import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeJsoncMember, setJsoncMember } from "../../src/jsonc/edit-jsonc.ts";
import { toJsonValue } from "../../src/jsonc/json-node.ts";
import { parseJsonc } from "../../src/jsonc/parse-jsonc.ts";

const entry = { command: "op-mcp", args: ["--x"] };

const trivia = fc.constantFrom("", " ", "\n  ", "\r\n\t", " // note\n", "/* a */", " /* } */ ");
const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string());

/** Objects as people write them: comments, odd spacing, trailing commas. */
const jsoncObject = fc
  .record({
    members: fc.array(
      fc.record({
        key: fc.string(),
        value: scalar,
        trivia: fc.array(trivia, { minLength: 4, maxLength: 4 }),
      }),
    ),
    isTrailing: fc.boolean(),
    end: trivia,
  })
  .map(({ members, isTrailing, end }) => {
    const parts = members.map(({ key, value, trivia: [a, b, c, d] }) =>
      [a, JSON.stringify(key), b, ":", c, JSON.stringify(value), d].join(""),
    );
    const comma = isTrailing && parts.length > 0 ? "," : "";
    return `{${parts.join(",")}${comma}${end}}`;
  });

const jsonc = fc.oneof(
  jsoncObject,
  fc
    .tuple(jsoncObject, trivia)
    .map(([servers, space]) => `{"z": 1,${space}"mcpServers": ${servers}${space}}\n`),
);

function valueOf(text: string): unknown {
  return toJsonValue(parseJsonc(text));
}

/** Whether every character of `inner` appears in `outer`, in order. */
function isSubsequence(inner: string, outer: string): boolean {
  let index = 0;
  for (const character of outer) if (character === inner[index]) index += 1;
  return index === inner.length;
}

describe("setJsoncMember", () => {
  test("adds the member and only adds: everything that was there stays, byte for byte", () => {
    fc.assert(
      fc.property(jsonc, (text) => {
        const edited = setJsoncMember(text, ["mcpServers", "op-mcp"], entry);
        const before = valueOf(text) as { mcpServers?: object };
        expect(valueOf(edited)).toEqual({
          ...before,
          mcpServers: { ...before.mcpServers, "op-mcp": entry },
        });
        expect(isSubsequence(text, edited)).toBe(true);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test("a removal takes back what was added", () => {
    fc.assert(
      fc.property(jsonc, (text) => {
        const edited = setJsoncMember(text, ["mcpServers", "op-mcp"], entry);
        const removed = removeJsoncMember(edited, ["mcpServers", "op-mcp"]);
        const before = valueOf(text) as { mcpServers?: object };
        expect(valueOf(removed)).toEqual({ ...before, mcpServers: { ...before.mcpServers } });
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  test("a removal gives back the exact text where the object spans lines", () => {
    const text = '{\n  "mcpServers": {\n    "a": {} // mine\n  }\n}\n';
    const edited = setJsoncMember(text, ["mcpServers", "op-mcp"], entry);
    expect(removeJsoncMember(edited, ["mcpServers", "op-mcp"])).toBe(text);
  });

  test("follows the file's indentation, line ends and trailing commas", () => {
    const text = '{\r\n\t"mcpServers": {\r\n\t\t"a": 1,\r\n\t},\r\n}\r\n';
    expect(setJsoncMember(text, ["mcpServers", "b"], { x: 1 })).toBe(
      '{\r\n\t"mcpServers": {\r\n\t\t"a": 1,\r\n\t\t"b": {\r\n\t\t\t"x": 1\r\n\t\t},\r\n\t},\r\n}\r\n',
    );
  });

  test("writes a whole object into an empty file", () => {
    expect(setJsoncMember("", ["servers", "op-mcp"], { x: 1 })).toBe(
      '{\n  "servers": {\n    "op-mcp": {\n      "x": 1\n    }\n  }\n}\n',
    );
  });

  test("replaces a value in place", () => {
    const text = '{ "a": {"b": 1 /* old */} /* c */ }';
    expect(setJsoncMember(text, ["a", "b"], 2)).toBe('{ "a": {"b": 2 /* old */} /* c */ }');
  });

  test("refuses to go through something that is not an object", () => {
    expect(() => setJsoncMember('{\n "mcpServers": []}', ["mcpServers", "x"], 1)).toThrow(
      "Expected an object at line 2, column 16.",
    );
  });
});

describe("removeJsoncMember", () => {
  test.each([
    ['{"a": 1, "b": 2}', "b", '{"a": 1 }'],
    ['{"a": 1, "b": 2}', "a", '{ "b": 2}'],
    ['{"a": 1}', "a", "{}"],
    ['{"a": 1,}', "a", "{}"],
    ['{"a": 1}', "x", '{"a": 1}'],
  ])("takes the comma along in %s", (text, key, expected) => {
    expect(removeJsoncMember(text, [key])).toBe(expected);
  });
});
