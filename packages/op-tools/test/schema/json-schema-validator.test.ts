import type { JsonObject, JsonValue } from "op-core";
import { describe, expect, test } from "vitest";
import { createJsonSchemaValidator } from "../../src/schema/json-schema-validator.ts";

async function problems(schema: JsonObject, value: JsonValue): Promise<readonly string[]> {
  const violations = await createJsonSchemaValidator().check(schema, value);
  return violations.map(({ path, message }) => `${path}: ${message}`);
}

const unit: JsonObject = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1 },
    mode: { enum: ["replace", "fail"] },
    delay: { type: "integer", minimum: 3 },
    when: { anyOf: [{ type: "string" }, { type: "null" }] },
    hosts: { type: "array", items: { $ref: "#/$defs/Host" } },
    apiToken: { type: "string" },
  },
  required: ["name"],
  additionalProperties: false,
  $defs: {
    Host: {
      type: "object",
      properties: { port: { type: "integer" } },
      additionalProperties: false,
    },
  },
};

describe("a value that does not fit", () => {
  test("is told place by place, with what was expected, given and meant", async () => {
    const value = { nam: "a", mode: "repalce", delay: 1, when: 4, hosts: [{ prot: 1 }] };
    expect(await problems(unit, value)).toEqual([
      "name: is required and missing.",
      'nam: is not known. Did you mean "name"?',
      'mode: expected one of "replace", "fail", got "repalce" (string). Did you mean "replace"?',
      "delay: expected a number >= 3, got 1 (number).",
      "when: expected one of string, null, got 4 (number).",
      'hosts[0].prot: is not known. Did you mean "port"?',
    ]);
  });

  test("is cut when it is long, and not shown when its name says it is a secret", async () => {
    const [long] = await problems({ properties: { a: { maxLength: 3 } } }, { a: "x".repeat(5000) });
    expect(long?.length).toBeLessThan(200);
    expect(await problems(unit, { name: "a", apiToken: 12_345 })).toEqual([
      "apiToken: expected string, got a value that is not shown.",
    ]);
  });

  test("is told the same way after the schema was compiled", async () => {
    const validator = createJsonSchemaValidator({ compileAfter: 3 });
    const answers: unknown[] = [];
    for (let time = 0; time < 6; time += 1) answers.push(await validator.check(unit, { name: 7 }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await validator.check(unit, { name: "nginx" })).toEqual([]);
  });

  test("names with signs that mean something in a pointer keep them", async () => {
    expect(await problems({ properties: { "a~/b": { type: "string" } } }, { "a~/b": 1 })).toEqual([
      '["a~/b"]: expected string, got 1 (number).',
    ]);
  });
});

describe("a schema that is used", () => {
  test.each<[string, JsonObject, JsonValue]>([
    ["a recursive one", { properties: { child: { $ref: "#" } } }, { child: { child: {} } }],
    ["one with anchors", { $ref: "#a", $defs: { a: { $anchor: "a", type: "object" } } }, {}],
    [
      "one with its own id",
      {
        $id: "https://x.example/s",
        properties: { a: { $ref: "https://x.example/s#/$defs/b" } },
        $defs: { b: { type: "string" } },
      },
      { a: "" },
    ],
    [
      "draft-07",
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        properties: { a: { $ref: "#/definitions/b" } },
        definitions: { b: { type: "string" } },
        dependencies: { a: ["b"] },
      },
      { a: "", b: 1 },
    ],
    [
      "one whose property is called $ref",
      { properties: { $ref: { type: "string" } } },
      { $ref: "x" },
    ],
    [
      "one with a harmless nested repetition",
      { properties: { a: { pattern: "^[a-z]+(-[a-z]+)*$" } } },
      { a: "a-b" },
    ],
  ])("%s", async (_, schema, value) => {
    expect(await problems(schema, value)).toEqual([]);
  });
});

describe("a schema that is refused", () => {
  const laughs = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `l${index}`,
      { allOf: [{ $ref: `#/$defs/l${index + 1}` }, { $ref: `#/$defs/l${index + 1}` }] },
    ]),
  );
  let deep: JsonObject = {};
  for (let level = 0; level < 100; level += 1) deep = { properties: { a: deep } };

  test.each<[string, JsonObject, RegExp]>([
    ["remote reference", { $ref: "https://example.com/schema.json" }, /nothing is fetched/],
    ["dangling reference", { properties: { a: { $ref: "#/$defs/none" } } }, /not in it/],
    ["circle of references", { $ref: "#" }, /circle/],
    ["references that multiply", { $ref: "#/$defs/l0", $defs: { ...laughs, l30: {} } }, /multiply/],
    [
      "pattern that does not compile",
      { properties: { a: { pattern: "(" } } },
      /no regular expression/,
    ],
    ["catastrophic pattern", { properties: { a: { pattern: "^(a+)+$" } } }, /take forever/],
    ["unknown type", { properties: { a: { type: "text" } } }, /no type "text"/],
    ["depth", deep, /levels deep/],
    ["size", { description: "x".repeat(300_000) }, /characters/],
    ["part that is no schema", { properties: { a: 7 } }, /no schema/],
  ])("%s", async (_, schema, reason) => {
    const validator = createJsonSchemaValidator();
    for (let time = 0; time < 2; time += 1) {
      await expect(validator.check(schema, {})).rejects.toThrow(
        expect.objectContaining({
          code: "ERR_SCHEMA_REFUSED",
          message: expect.stringMatching(reason),
        }),
      );
    }
  });
});

test("a value that is nested too deeply for a recursive schema does not fit, and is no crash", async () => {
  let value: JsonObject = {};
  for (let level = 0; level < 100_000; level += 1) value = { child: value };
  expect(await problems({ properties: { child: { $ref: "#" } } }, value)).toEqual([
    "(root): is nested too deeply to be checked.",
  ]);
});
