import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openConsumer, type Consumer } from "../src/open-consumer.ts";
import { publishedPackages } from "../src/pack-workspace.ts";

const tools = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));
const libraries = publishedPackages.filter(({ entries }) => entries.length > 0);
const commands = publishedPackages.flatMap((each) => each.commands);

let consumer: Consumer;

beforeAll(async () => {
  consumer = await openConsumer();
}, 120_000);

afterAll(async () => {
  await consumer[Symbol.asyncDispose]();
});

/** Runs a command in the consumer's project, and fails with what it printed. */
async function expectSuccess(command: string, args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await consumer.run(command, args);
  expect(exit, stdout + stderr).toBe(0);
  return stdout;
}

describe("all packages together", () => {
  test("compile at a user's strictest settings, with the types of their dependencies", async () => {
    const { exit, stdout } = await consumer.compile();
    expect(exit, stdout).toBe(0);
  }, 60_000);

  test("are installed from their tarballs, in one copy each", async () => {
    const listing = await expectSuccess("npm", ["ls", "--all", "--parseable"]);
    const copies = listing.split("\n").filter((path) => /\/node_modules\/op-[a-z]+$/u.test(path));
    expect(copies).toHaveLength(publishedPackages.length);
  });
});

describe.each(libraries)("$name", ({ name, example }) => {
  test("satisfies publint", async () => {
    const tarball = consumer.tarballs.get(name) ?? "";
    await expectSuccess(join(tools, "publint"), ["run", tarball, "--strict"]);
  });

  test("has types that every ES module user resolves", async () => {
    const tarball = consumer.tarballs.get(name) ?? "";
    await expectSuccess(join(tools, "attw"), [tarball, "--profile", "esm-only"]);
  }, 30_000);

  test("every entry can be imported and exports something", async () => {
    expect(Number(await expectSuccess(process.execPath, [`${name}.entries.ts`]))).toBeGreaterThan(
      0,
    );
  });

  test("the first example of its README runs", async () => {
    expect(
      example,
      `Add a \`\`\`ts block that prints something to the README of ${name}.`,
    ).toBeDefined();
    expect(await expectSuccess(process.execPath, [`${name}.example.ts`])).not.toBe("");
  });
});

describe.each(commands)("the command %s", (command) => {
  test("tells its version after an installation from the tarball", async () => {
    const version = await expectSuccess(join(consumer.folder, "node_modules/.bin", command), [
      "--version",
    ]);
    expect(version).toMatch(/^\d+\.\d+\.\d+/mu);
  });

  test("brings its bundle, and nothing that the bundle was made of", async () => {
    const folder = join(consumer.folder, "node_modules", command);
    expect(await expectSuccess("ls", [join(folder, "dist")])).toBe("bundle\n");
  });
});
