import { describe, expect, test } from "vitest";
import { dependencyBudgets } from "../src/budgets.ts";
import { importsOf, products, sourceFilesOf } from "../src/workspace.ts";
import { expectNone } from "./expect-none.ts";

describe("runtime dependencies", () => {
  test.each(products)("$name has exactly the dependencies of its budget", ({ name, manifest }) => {
    const declared = {
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    };
    const advice = `Give each dependency of ${name} a line with its reason in tooling/architecture/src/budgets.ts, and remove lines that are no longer true.`;
    expect(Object.keys(declared).toSorted(), advice).toEqual(
      Object.keys(dependencyBudgets[name] ?? { [`no budget for ${name}`]: "" }).toSorted(),
    );
  });

  test("every budget belongs to a package and gives its reasons", () => {
    const names = new Set(products.map(({ name }) => name));
    const unknown = Object.keys(dependencyBudgets).filter((name) => !names.has(name));
    const unreasoned = Object.entries(dependencyBudgets).flatMap(([name, budget]) =>
      Object.entries(budget)
        .filter(([, reason]) => reason.length < 15)
        .map(([dependency]) => `${name} → ${dependency}`),
    );
    expectNone([...unknown, ...unreasoned], {
      because: "a table that nobody can check is worth nothing.",
      instead: "remove the line, or say what the dependency does for the user.",
    });
  });

  test("only op-protocol imports the MCP SDK", () => {
    expectNone(
      products
        .filter(({ name }) => name !== "op-protocol")
        .flatMap((member) => sourceFilesOf(member, "src"))
        .filter((file) =>
          importsOf(file).some((specifier) => specifier.startsWith("@modelcontextprotocol/")),
        )
        .map(({ path }) => path),
      {
        because: "the SDK changes with every revision of MCP; one package takes the blow.",
        instead: "use what op-protocol exports, or export it there.",
      },
    );
  });

  test("op-core imports nothing, neither a package nor, outside its streams, a module of Node", () => {
    expectNone(
      products
        .filter(({ name }) => name === "op-core")
        .flatMap((member) => sourceFilesOf(member, "src"))
        .flatMap((file) =>
          importsOf(file)
            .filter((specifier) => !specifier.startsWith("."))
            .filter(
              (specifier) =>
                !(file.path.includes("/src/streams/") && specifier.startsWith("node:")),
            )
            .map((specifier) => `${file.path} imports ${specifier}`),
        ),
      {
        because: "everything stands on op-core: it runs anywhere, and pulls in nothing.",
        instead: "take what is needed as a parameter, or put the code into another package.",
      },
    );
  });
});
