import { describe, expect, test } from "vitest";
import { OpError } from "op-core";
import { findErrorClasses } from "../src/find-error-classes.ts";
import { products, sourceFilesOf } from "../src/workspace.ts";
import { expectNone } from "./expect-none.ts";

/** Error classes that carry no code of ours, each with the reason. */
const foreignErrors: Readonly<Record<string, string>> = {};

const classes = await findErrorClasses();
const expected = classes.filter(({ constructor }) => constructor.prototype instanceof OpError);

describe("errors", () => {
  test("every exported error class extends OpError", () => {
    expectNone(
      classes
        .filter(({ name, constructor }) => {
          const isBase = constructor.prototype === OpError.prototype;
          return !isBase && !(constructor.prototype instanceof OpError) && !(name in foreignErrors);
        })
        .map(({ owner, name }) => `${owner}: ${name}`),
      {
        because: "scripts and assistants act on the code of an error, never on its message.",
        instead: "extend OpError, or give the class a line with its reason in foreignErrors.",
      },
    );
  });

  test.each(expected)("$owner: $name has a code and a meaning", ({ constructor }) => {
    expect(constructor.code).toMatch(/^ERR_[A-Z]+(?:_[A-Z]+)*$/u);
    expect(constructor.meaning, "one sentence for docs/errors.md").toMatch(/^\S.*\.$/su);
  });

  test("no two classes share a code", () => {
    const byCode = Map.groupBy(expected, ({ constructor }) => constructor.code);
    expectNone(
      [...byCode]
        .filter(([, sharing]) => sharing.length > 1)
        .map(([code, sharing]) => `${String(code)}: ${sharing.map(({ name }) => name).join(", ")}`),
      { because: "a code must lead to one meaning.", instead: "choose another code for one." },
    );
  });

  test("every error class is exported, so that it is in the documents", () => {
    const exported = new Set(classes.map(({ name }) => name));
    expectNone(
      products
        .flatMap((member) => sourceFilesOf(member, "src"))
        .flatMap(({ path, text }) =>
          [...text.matchAll(/\bclass (\w+) extends (?:OpError|\w*Error)\b/gu)].flatMap(([, name]) =>
            name === undefined || exported.has(name) || name in foreignErrors
              ? []
              : [`${path}: ${name}`],
          ),
        ),
      {
        because: "a code that a user can meet must be in docs/errors.md.",
        instead: "declare it in a file that ends in -error.ts, and export it from the package.",
      },
    );
  });
});
