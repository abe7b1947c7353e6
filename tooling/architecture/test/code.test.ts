import { describe, test } from "vitest";
import { libraries, members, products, sourceFilesOf, type SourceFile } from "../src/workspace.ts";
import { expectNone, type Rule } from "./expect-none.ts";

const sources = products.flatMap((member) => sourceFilesOf(member, "src"));
const everything = [
  ...sources,
  ...members.flatMap((member) => sourceFilesOf(member, "test")),
  ...members
    .filter(({ area }) => area === "tooling")
    .flatMap((member) => sourceFilesOf(member, "src")),
].filter(({ path }) => path !== "tooling/architecture/test/code.test.ts");

/** Lines that match, without those of comments where the pattern is about code. */
function findLines(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) && !isComment(line, pattern)
          ? [`${path}:${index + 1}: ${line.trim()}`]
          : [],
      ),
  );
}

function isComment(line: string, pattern: RegExp): boolean {
  return /^\s*(?:\*|\/\/|\/\*)/u.test(line) && !pattern.source.includes("//");
}

function expectNoLine(files: readonly SourceFile[], pattern: RegExp, rule: Rule): void {
  expectNone(findLines(files, pattern), rule);
}

/** Where the environment may be read, each with its reason. */
const environmentReaders: Readonly<Record<string, string>> = {
  "apps/op-mcp/src/config/": "the configuration is made of it, with the origin of each value",
  "apps/op-mcp/src/main.ts": "hands the environment to the configuration and to the CLI",
};

/** Tests that let time pass, each with the reason. */
const deliberateSleeps: Readonly<Record<string, string>> = {
  "apps/op-mcp/test/e2e/stdio.e2e.test.ts": "that a server stays alive is no event",
  "packages/op-agents/test/chaos/chaos-server.ts": "chaos comes at any moment, by a seed",
  "packages/op-agents/test/chaos/run-chaos.ts": "chaos goes on for a time, by a seed",
  "packages/op-core/test/abort.test.ts": "compares with the sleep of Node itself",
};

describe("code", () => {
  test("the environment is read in one place", () => {
    const files = sources.filter(
      ({ path }) => !Object.keys(environmentReaders).some((allowed) => path.startsWith(allowed)),
    );
    expectNoLine(files, /\bprocess\.env\b/u, {
      because:
        "a value read elsewhere is missing from `op-mcp config show --origin` and from the docs.",
      instead: "take it as an option; apps/op-mcp/src/config reads the environment.",
    });
  });

  test("no library writes to the console", () => {
    const files = libraries.flatMap((member) => sourceFilesOf(member, "src"));
    expectNoLine(files, /\bconsole\.[a-z]+\(|\bprocess\.(?:stdout|stderr)\.write\(/u, {
      because: "stdout belongs to MCP, and whoever uses a library decides what is logged.",
      instead: "take a Logger from op-core.",
    });
  });

  test("no cast silences the compiler", () => {
    expectNoLine(
      sources,
      /\bas unknown as\b|\bas never\b|\bas any\b|@ts-(?:ignore|expect-error|nocheck)/u,
      {
        because: "a cast is a claim nobody checks.",
        instead: "parse foreign data, or make the type tell the truth.",
      },
    );
  });

  test("nothing is left for later", () => {
    expectNoLine(everything, /\/[/*].*\b(?:TODO|FIXME|XXX|HACK)\b/u, {
      because: "what is not done belongs into an issue, where somebody plans it.",
      instead: "do it, or open an issue and remove the comment.",
    });
  });

  test("a lint rule is switched off only with a reason beside it", () => {
    expectNoLine(everything, /\/[/*].*(?:oxlint|eslint)-disable(?!.*-- \S.{10})/u, {
      because: "the next reader must know whether the exception still holds.",
      instead: "write `-- the reason` behind the rule's name.",
    });
  });

  test("tests wait for events, not for time", () => {
    const tests = members
      .flatMap((member) => sourceFilesOf(member, "test"))
      .filter(({ path }) => !(path in deliberateSleeps));
    expectNoLine(tests, /\bsetTimeout\((?:resolve|done)\b|\bsetTimeout\b.*timers\/promises/u, {
      because: "sleeping tests are slow and still fail on a busy machine.",
      instead: "use the manual clock of op-core/testing, or await the event itself.",
    });
  });

  test("tests use the real thing or a small fake, never a mocked module", () => {
    expectNoLine(everything, /\bvi\.(?:mock|doMock|stubGlobal)\(/u, {
      because: "a test of a mocked module tests the mock, and breaks when files move.",
      instead: "pass a small real adapter of the port.",
    });
  });
});
