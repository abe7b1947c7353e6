import { expect, test } from "vitest";
import { handOverPlaces } from "../../../src/agents/executor/hand-over-places.ts";
import type { PinnedPlace } from "../../../src/agents/executor/pin-place.ts";

function pinned(path: string, fd: number, isFolder = false): PinnedPlace {
  return { path, fd, isFolder, [Symbol.asyncDispose]: async () => await Promise.resolve() };
}

const file = pinned("/tmp/b", 20);
const folder = pinned("/tmp/a", 21, true);

test("places are handed over in the order of their paths, and everything else as it is", () => {
  const { args, fds } = handOverPlaces(["-l", "--", file, folder, file]);
  expect(fds).toEqual([21, 20]);
  expect(args).toEqual(["-l", "--", args[2], args[3], args[2]]);
  expect(args[2]).toMatch(/^\/proc\/self\/fd[/.]+\/4$/u);
  expect(args[3]).toMatch(/^\/proc\/self\/fd[/.]+\/3\/\.$/u);
  expect(handOverPlaces([file]).args[0]).not.toBe(handOverPlaces([file]).args[0]);
});

test("names come back wherever the output is cut, and nothing else changes", () => {
  const { args, createNaming } = handOverPlaces([file, folder]);
  const [spelledFile = "", spelledFolder = ""] = args;
  const text = `==> ${spelledFile} <==\n/proc/self/fd/3 \xFF\n1\t${spelledFolder}/.x/y\n2\t${spelledFolder}\n${spelledFile}`;
  const named = "==> /tmp/b <==\n/proc/self/fd/3 \xFF\n1\t/tmp/a/.x/y\n2\t/tmp/a\n/tmp/b";
  for (const size of [1, 2, 7, 100, text.length]) {
    const naming = createNaming();
    const pieces: Buffer[] = [];
    for (let at = 0; at < text.length; at += size) {
      pieces.push(naming.add(Buffer.from(text.slice(at, at + size), "latin1")));
    }
    pieces.push(naming.end());
    expect(Buffer.concat(pieces).toString("latin1")).toBe(named);
  }
});

test("of the root, the name is not written twice", () => {
  const { args, createNaming } = handOverPlaces([pinned("/", 5, true)]);
  const naming = createNaming();
  const bytes = [naming.add(Buffer.from(`${args[0]}/etc\n${args[0]}\n`)), naming.end()];
  expect(Buffer.concat(bytes).toString()).toBe("/etc\n/\n");
});
