import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toOneLine, toPlainText } from "../../src/search/plain-text.ts";
import { stem } from "../../src/search/stem.ts";
import { isConcept, toMeanings, toTerms } from "../../src/search/terms.ts";
import { tokenise } from "../../src/search/tokenise.ts";

test.for([
  ["RestartUnit", "restart unit"],
  ["getHTTPStatus", "get http status"],
  ["org.freedesktop.UDisks2", "org freedesktop udisks2"],
  ["snake_case-and-kebab", "snake case and kebab"],
  ["Café déjà-vu", "cafe deja vu"],
  ["what's the host's name?", "what the host name"],
])("splits %j into %j", ([text = "", words = ""]) => {
  expect(tokenise(text).join(" ")).toBe(words);
});

test.for([
  "service services",
  "stop stops stopped stopping stopper",
  "copy copies copied copying",
  "unit units",
  "process processes processed processing",
  "synchronise synchronised synchronisation synchronize",
  "address addresses",
  "enable enables enabled enabling",
  "big bigger",
])("gives %j one stem", (family) => {
  expect(new Set(family.split(" ").map(stem)).size).toBe(1);
});

test.for(["police policy", "port ported2", "status stat", "bus buse", "user us"])(
  "keeps %j apart",
  (pair) => {
    expect(new Set(pair.split(" ").map(stem)).size).toBe(2);
  },
);

test("stems never grow and are never empty", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,20}$/u), (word) => {
      const stemmed = stem(word);
      expect(stemmed.length).toBeGreaterThan(0);
      expect(stemmed.length).toBeLessThanOrEqual(word.length + 1);
    }),
    { seed: 1 },
  );
});

test("a text is found by what it says itself", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{3,10}$/u), { maxLength: 8 }), (words) => {
      const text = words.join(" ");
      const indexed = new Set(toTerms(text));
      const asked = toMeanings(text).flatMap(({ terms }) => terms);
      expect(asked.filter((term) => !indexed.has(term))).toEqual([]);
    }),
    { seed: 2 },
  );
});

test("a phrase means one thing", () => {
  const [meaning, ...others] = toMeanings("what is the name of this computer");
  expect(others).toEqual([]);
  expect(meaning?.isPhrase).toBe(true);
  expect(meaning?.terms.every(isConcept)).toBe(true);
});

test("plain text keeps what is seen and drops what is not", () => {
  const text =
    "a\u001b[31mred\u001b[0m\u202Eb\u200Bc\u0007\u009b1m d\te\r\nf\u{E0041} Grüße 日本 👍️";
  expect(toPlainText(text)).toBe("aredbc d\te\nf Grüße 日本 👍️");
});

test("one line is one line of at most the length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      const line = toOneLine(text, 20);
      expect(line.length).toBeLessThanOrEqual(20);
      expect(line).toBe(toPlainText(line));
      expect(line).not.toContain("\n");
    }),
    { seed: 3 },
  );
});
