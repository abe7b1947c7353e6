import type { JsonObject } from "op-core";
import { describe, expect, it } from "vitest";
import { findHeaderProblem } from "../../src/client/index.ts";
import { parameterHeadersOf } from "../../src/http/parameter-headers.ts";

function schemaOf(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: "object", properties, ...more };
}

const region = { type: "string", "x-mcp-header": "Region" } as const;

describe("the headers that a tool's schema asks for", () => {
  it("are those of its parameters, however deep, by names in lower case", () => {
    const schema = schemaOf({ region, where: schemaOf({ city: { ...region, type: "integer" } }) });
    expect(parameterHeadersOf(schema).toSorted((a, b) => a.path.length - b.path.length)).toEqual([
      { header: "mcp-param-region", path: ["region"] },
      { header: "mcp-param-region", path: ["where", "city"] },
    ]);
    expect(findHeaderProblem(schemaOf({ region, level: { type: "number" } }))).toBeUndefined();
  });

  it.each([
    ["a name that is none", schemaOf({ a: { ...region, "x-mcp-header": "" } })],
    ["a name of two words", schemaOf({ a: { ...region, "x-mcp-header": "My Region" } })],
    ["a name with another header in it", schemaOf({ a: { ...region, "x-mcp-header": "A\r\nB" } })],
    ["a name that is no text", schemaOf({ a: { ...region, "x-mcp-header": 7 } })],
    ["a number that may have a fraction", schemaOf({ a: { ...region, type: "number" } })],
    ["a parameter of several types", schemaOf({ a: { ...region, type: ["string", "null"] } })],
    ["the same name twice", schemaOf({ a: region, b: { ...region, "x-mcp-header": "REGION" } })],
    ["what is in a list", schemaOf({ a: { type: "array", items: region } })],
    ["one of several forms", schemaOf({}, { anyOf: [schemaOf({ a: region })] })],
    ["what a reference may lead to", schemaOf({}, { $defs: { a: region } })],
    ["a property whose name is a pattern", schemaOf({}, { patternProperties: { "^a": region } })],
    ["the arguments as a whole", { ...schemaOf({}), ...region, type: "object" }],
  ])("cannot be sent for %s", (_what, schema) => {
    expect(findHeaderProblem(schema)).toBeDefined();
  });

  it("are not looked for in data", () => {
    const data = { default: region, examples: [region], const: region, enum: [region] };
    expect(findHeaderProblem(schemaOf({ "x-mcp-header": { type: "object", ...data } }))).toBe(
      undefined,
    );
  });

  it("are found in a schema that is nested deeper than a stack is", () => {
    let schema: JsonObject = region;
    for (let depth = 0; depth < 30_000; depth += 1) schema = schemaOf({ a: schema });
    expect(findHeaderProblem(schema)).toContain("no parameter has");
  });
});
