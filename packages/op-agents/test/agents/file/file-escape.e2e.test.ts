import {
  chmodSync,
  linkSync,
  renameSync,
  rmSync,
  symlinkSync,
  mkdirSync,
  writeFileSync,
} from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { JsonValue } from "op-core";
import { afterAll, describe, expect, it, test, vi } from "vitest";
import { fileBenignCorpus } from "./file-benign-corpus.ts";
import { fileEscapeCorpus } from "./file-escape-corpus.ts";
import { openFilePlayground, secret } from "./file-playground.ts";

// Each pool starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const playground = await openFilePlayground();
afterAll(async () => await playground[Symbol.asyncDispose]());
const work = playground.place("{work}");
writeFileSync(`${work}/setuid`, "#!");
chmodSync(`${work}/setuid`, 0o6777);
writeFileSync(`${work}/one`, "two names");
linkSync(`${work}/one`, `${work}/twin`);
chmodSync(`${work}/one`, 0o666);
const before = playground.list();

const fill = (input: JsonValue): JsonValue =>
  JSON.parse(
    JSON.stringify(input, (_, value) =>
      typeof value === "string" ? playground.place(value) : value,
    ),
  );

test("there are enough cases", () => {
  expect(fileEscapeCorpus.length).toBeGreaterThanOrEqual(300);
  expect(fileBenignCorpus.length).toBeGreaterThanOrEqual(70);
});

describe("what leads out is refused, with the reason", () => {
  it.each(
    fileEscapeCorpus.map((each, at) => ({
      ...each,
      name: `${at} ${each.operation} ${JSON.stringify(each.input).slice(0, 80)}`,
    })),
  )("$name", async ({ operation, input }) => {
    const error = await playground.run(operation, fill(input)).then(
      (answer) => expect.fail(`It was done: ${JSON.stringify(answer).slice(0, 200)}`),
      (thrown: Error & { data: { reason: string } }) => thrown,
    );
    expect(error.data.reason).toMatch(/^ERR_(?:PLACE_REFUSED|PLACE_FAILED|INPUT_MALFORMED)$/u);
    expect(error.message).toMatch(/(?:was refused|can't be used): .{10}/u);
    expect(error.message).not.toContain(secret);
    expect(error.message).toMatch(/^[\P{Cc}]*$/u);
  });

  test("and nothing was changed", () => {
    expect(playground.list()).toEqual(before);
  });
});

describe("races", () => {
  it("between a folder and a link lead nowhere", async () => {
    const outside = playground.place("{outside}");
    mkdirSync(`${work}/swap`);
    writeFileSync(`${work}/swap/secret.txt`, "harmless\n");
    symlinkSync(outside, `${work}/swap-link`);
    const end = Date.now() + 3000;
    const swap = async () => {
      while (Date.now() < end) {
        renameSync(`${work}/swap`, `${work}/swap-away`);
        renameSync(`${work}/swap-link`, `${work}/swap`);
        await nextTurn();
        renameSync(`${work}/swap`, `${work}/swap-link`);
        renameSync(`${work}/swap-away`, `${work}/swap`);
        await nextTurn();
      }
    };
    const read = async () => {
      let answers = 0;
      while (Date.now() < end) {
        for (const operation of ["read_file", "tail_file", "checksum_file"]) {
          const answer = await playground
            .run(operation, { path: `${work}/swap/secret.txt` })
            .catch(() => undefined);
          expect(JSON.stringify(answer) ?? "").not.toContain(secret);
          if (answer !== undefined) answers += 1;
        }
        await playground
          .run("write_file", { path: `${work}/swap/planted.txt`, content: "x" })
          .catch(() => undefined);
      }
      return answers;
    };
    const [, ...answers] = await Promise.all([swap(), read(), read(), read()]);
    expect(Math.max(...answers)).toBeGreaterThan(0);
    expect(playground.list().join("\n")).not.toContain("workshop/planted.txt");
    rmSync(`${work}/swap`, { recursive: true });
    rmSync(`${work}/swap-link`);
  }, 20_000);
});

describe("what people ordinarily ask for is done", () => {
  it.each(
    fileBenignCorpus.map((each) => ({
      ...each,
      name: `${each.operation} ${JSON.stringify(each.input).slice(0, 80)}`,
    })),
  )("$name", async ({ operation, input }) => {
    const answer = await playground.run(operation, fill(input));
    expect(answer).toMatchObject({ path: expect.stringContaining("/") });
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
});
