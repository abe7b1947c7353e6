import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  escapeControls,
  escapeControlsInBlock,
  escapeControlsInJson,
} from "../../src/text/escape-controls.ts";

describe("escapeControls", () => {
  test("shows what would drive a terminal or forge a line", () => {
    expect(escapeControls("a\u001B[31m\nb\r\tc\u0085\u2028\u202E")).toBe(
      String.raw`a\u001b[31m\nb\r\tc\u0085\u2028\u202e`,
    );
  });

  test("leaves ordinary text alone", () => {
    expect(escapeControls("naïve – 日本語 👍 ./-_")).toBe("naïve – 日本語 👍 ./-_");
  });

  test("always fits one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeControls(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      { seed: 6 },
    );
  });
});

test("escapeControlsInBlock keeps line feeds and tabs", () => {
  expect(escapeControlsInBlock("a\r\n\tb\u0007")).toBe("a\n\tb\\u0007");
});

test("escapeControlsInJson changes no value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = escapeControlsInJson(JSON.stringify({ text }));
      expect(JSON.parse(json)).toEqual({ text });
      expect(json).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }),
    { seed: 7 },
  );
});
