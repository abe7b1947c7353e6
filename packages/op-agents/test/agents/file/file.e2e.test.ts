import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import { openFilePlayground } from "./file-playground.ts";

// Each pool starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const playground = await openFilePlayground();
afterAll(async () => await playground[Symbol.asyncDispose]());
const place = (text: string) => playground.place(text);
const run: typeof playground.run = async (...task) => await playground.run(...task);
const text = (value: unknown) =>
  typeof value === "string" ? value : expect.fail("It is no text.");
const work = place("{work}");

describe("read_file", () => {
  it("reads text, and says what it is", async () => {
    expect(await run("read_file", { path: `${work}/notes.txt` })).toMatchObject({
      path: `${work}/notes.txt`,
      size: 21,
      encoding: "utf-8",
      content: "one\ntwo\nthree\nfour 4\n",
      isComplete: true,
      nextOffset: null,
    });
  });

  it("reads ranges of bytes and of lines", async () => {
    const path = `${work}/notes.txt`;
    expect(await run("read_file", { path, offset: 4, length: 3 })).toMatchObject({
      content: "two",
      isComplete: false,
      nextOffset: 7,
    });
    expect(await run("read_file", { path, fromLine: 2, lines: 2 })).toMatchObject({
      content: "two\nthree\n",
      offset: 4,
      nextOffset: 14,
    });
    expect(await run("read_file", { path, fromLine: 99 })).toMatchObject({ content: "", bytes: 0 });
    expect(await run("read_file", { path, offset: 10_000 })).toMatchObject({ content: "" });
  });

  it("cuts no character in two", async () => {
    const path = `${work}/src/deep/note.md`;
    const first = await run("read_file", { path, length: 5 });
    expect(first).toMatchObject({ content: "# Gr", nextOffset: 4 });
    const next = await run("read_file", { path, offset: 4, lines: 1 });
    expect(next).toMatchObject({ content: "üße\n" });
  });

  it("tells text of other encodings, and bytes", async () => {
    expect(await run("read_file", { path: `${work}/binary.bin` })).toMatchObject({
      encoding: "base64",
      content: "AAEC/w==",
    });
    expect(await run("read_file", { path: `${work}/wide.txt` })).toMatchObject({
      encoding: "utf-16le",
      content: "\uFEFFwide\n",
    });
    expect(await run("read_file", { path: `${work}/old.txt`, encoding: "latin1" })).toMatchObject({
      content: "café\n",
    });
    expect(await run("read_file", { path: `${work}/binary.bin`, encoding: "hex" })).toMatchObject({
      content: "000102ff",
    });
  });

  it("follows links that stay inside", async () => {
    expect(await run("read_file", { path: `${work}/inner.txt` })).toMatchObject({
      path: `${work}/notes.txt`,
    });
    expect(await run("read_file", { path: `${work}/inner-logs/app.log` })).toMatchObject({
      path: `${work}/logs/app.log`,
    });
    expect(await run("read_file", { path: place("{shown}/to-work/main.ts") })).toMatchObject({
      path: `${work}/src/main.ts`,
    });
  });

  it("reads a huge file in parts", async () => {
    const path = `${work}/huge.log`;
    writeFileSync(path, "first\n");
    truncateSync(path, 8 * 1024 ** 3);
    const answer = await run("read_file", { path, encoding: "latin1" });
    expect(answer).toMatchObject({ size: 8 * 1024 ** 3, bytes: 1_048_576, nextOffset: 1_048_576 });
    expect(
      await run("read_file", { path, offset: 8 * 1024 ** 3 - 2, encoding: "hex" }),
    ).toMatchObject({ content: "0000", nextOffset: null });
    truncateSync(path, 0);
  });
});

describe("list_folder", () => {
  it("lists what is there, and follows nothing", async () => {
    const { entries } = (await run("list_folder", { path: work })) as {
      entries: { name: string; kind: string; target?: string }[];
    };
    const kinds = Object.fromEntries(entries.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({
      "notes.txt": "file",
      logs: "folder",
      link: "link",
      pipe: "pipe",
    });
    expect(entries.find(({ name }) => name === "link.txt")?.target).toBe(
      place("{outside}/secret.txt"),
    );
    expect(kinds[".hidden"]).toBeUndefined();
  });

  it("goes deep, into no folder of keys, and on in parts", async () => {
    await using small = await openFilePlayground({ maxEntries: 5 });
    const path = small.place("{work}");
    const names: string[] = [];
    for (let skip: number | null = 0; skip !== null;) {
      const answer = (await small.run("list_folder", { path, depth: 5, hidden: true, skip })) as {
        entries: { name: string }[];
        next: number | null;
      };
      expect(answer.entries.length).toBeLessThanOrEqual(5);
      names.push(...answer.entries.map(({ name }) => name));
      skip = answer.next;
    }
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["src/deep/note.md", ".ssh", ".hidden"]));
    expect(names).not.toContain(".ssh/id");
  });
});

describe("stat_file", () => {
  it("tells what is there, and where a link leads", async () => {
    expect(await run("stat_file", { path: `${work}/notes.txt` })).toMatchObject({
      exists: true,
      kind: "file",
      size: 21,
      mode: "0644",
      owner: expect.any(Number),
      isWritable: true,
    });
    expect(await run("stat_file", { path: `${work}/link` })).toMatchObject({
      kind: "link",
      target: place("{outside}"),
    });
    expect(await run("stat_file", { path: `${work}/inner.txt`, follow: true })).toMatchObject({
      kind: "file",
    });
    expect(await run("stat_file", { path: `${work}/nothing` })).toEqual({
      path: `${work}/nothing`,
      exists: false,
      isWritable: true,
    });
    expect(await run("stat_file", { path: place("{shown}/read-only.txt") })).toMatchObject({
      isWritable: false,
    });
  });
});

describe("tail_file", () => {
  it("reads the last lines", async () => {
    const path = `${work}/notes.txt`;
    expect(await run("tail_file", { path, lines: 2 })).toMatchObject({
      content: "three\nfour 4\n",
      isCut: false,
    });
    expect(await run("tail_file", { path })).toMatchObject({
      content: expect.stringMatching(/^one/u),
    });
    expect(await run("tail_file", { path, lines: 0 })).toMatchObject({ content: "" });
  });

  it("reports what is added meanwhile", async () => {
    const path = `${work}/growing.log`;
    writeFileSync(path, "before\n");
    const seen: unknown[] = [];
    const running = run(
      "tail_file",
      { path, lines: 1, followMs: 3000 },
      { onProgress: (data) => seen.push(data) },
    );
    const adding = setInterval(() => appendFileSync(path, "meanwhile\n"), 100);
    try {
      expect(await running).toMatchObject({ content: expect.stringContaining("meanwhile\n") });
    } finally {
      clearInterval(adding);
    }
    expect(seen).toContainEqual({ text: expect.stringContaining("meanwhile\n") });
  });
});

describe("checksum_file", () => {
  it("is what others compute", async () => {
    const path = `${work}/notes.txt`;
    for (const algorithm of ["sha256", "md5"]) {
      const checksum = createHash(algorithm).update(readFileSync(path)).digest("hex");
      expect(await run("checksum_file", { path, algorithm })).toMatchObject({ checksum });
    }
  });
});

describe("write_file", () => {
  it("makes a file, and the folders above it", async () => {
    const path = `${work}/new/folder/file.txt`;
    await expect(run("write_file", { path, content: "x" })).rejects.toThrow("does not exist");
    expect(await run("write_file", { path, content: "hello\n", folders: true })).toEqual({
      path,
      size: 6,
      isNew: true,
      backup: null,
    });
    expect(readFileSync(path, "utf8")).toBe("hello\n");
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it("replaces a file at one moment, keeps its mode and owner, and the old one", async () => {
    const path = `${work}/script.sh`;
    await run("write_file", { path, content: "old\n" });
    chmodSync(path, 0o750);
    const before = statSync(path);
    const answer = await run("write_file", { path, content: "new\n", backup: true });
    expect(readFileSync(path, "utf8")).toBe("new\n");
    const after = statSync(path);
    expect({ mode: after.mode, uid: after.uid, gid: after.gid }).toEqual({
      mode: before.mode,
      uid: before.uid,
      gid: before.gid,
    });
    expect(after.ino).not.toBe(before.ino);
    expect(statSync(text(answer["backup"])).ino).toBe(before.ino);
    expect(readFileSync(text(answer["backup"]), "utf8")).toBe("old\n");
  });

  it("does not take a file away from its owner", async () => {
    const path = `${work}/foreign.txt`;
    const before = statSync(path);
    if (before.uid === process.getuid?.() && process.getuid() !== 0) return;
    await expect(run("write_file", { path, content: "mine\n" })).rejects.toThrow(
      "belongs to another user",
    );
    const answer = await run("write_file", {
      path,
      content: "mine\n",
      how: "in-place",
      backup: true,
    });
    expect(readFileSync(path, "utf8")).toBe("mine\n");
    expect(statSync(path).uid).toBe(before.uid);
    expect(readFileSync(text(answer["backup"]), "utf8")).toBe("somebody else's\n");
  });

  it("appends, and creates only what is not there", async () => {
    const path = `${work}/list.txt`;
    await run("write_file", { path, content: "a\n", how: "create" });
    await expect(run("write_file", { path, content: "b\n", how: "create" })).rejects.toThrow(
      "exists already",
    );
    expect(await run("write_file", { path, content: "b\n", how: "append" })).toMatchObject({
      size: 4,
    });
    expect(readFileSync(path, "utf8")).toBe("a\nb\n");
  });

  it("writes through a link that stays inside, and keeps the link", async () => {
    const before = readFileSync(`${work}/notes.txt`, "utf8");
    await run("write_file", { path: `${work}/inner.txt`, content: "through\n" });
    expect(lstatSync(`${work}/inner.txt`).isSymbolicLink()).toBe(true);
    expect(readFileSync(`${work}/notes.txt`, "utf8")).toBe("through\n");
    await run("write_file", { path: `${work}/notes.txt`, content: before });
  });

  it("writes only what was read, when it is told so", async () => {
    const path = `${work}/versioned.txt`;
    await run("write_file", { path, content: "1" });
    const { checksum } = await run("checksum_file", { path });
    await run("write_file", { path, content: "2" });
    await expect(
      run("write_file", { path, content: "3", ifSha256: checksum ?? "" }),
    ).rejects.toThrow("has changed since");
    expect(readFileSync(path, "utf8")).toBe("2");
  });

  it("writes bytes, and refuses what is not in its encoding", async () => {
    const path = `${work}/bytes.bin`;
    await run("write_file", { path, content: "AAEC/w==", encoding: "base64" });
    expect(readFileSync(path)).toEqual(Buffer.from([0, 1, 2, 255]));
    await expect(
      run("write_file", { path, content: "no base64!", encoding: "base64" }),
    ).rejects.toThrow("not in the encoding");
    await expect(run("write_file", { path, content: "東京", encoding: "latin1" })).rejects.toThrow(
      "not in the encoding",
    );
  });
});

describe("move_file", () => {
  it("renames, and replaces nothing unless it is told so", async () => {
    const [from, to] = [`${work}/from.txt`, `${work}/to.txt`];
    await run("write_file", { path: from, content: "from" });
    await run("write_file", { path: to, content: "to" });
    await expect(run("move_file", { path: from, to })).rejects.toThrow("exists already");
    expect(readFileSync(to, "utf8")).toBe("to");
    expect(await run("move_file", { path: from, to, overwrite: true })).toEqual({ path: to, from });
    expect(readFileSync(to, "utf8")).toBe("from");
    expect(existsSync(from)).toBe(false);
  });

  it("moves folders, and into folders", async () => {
    await run("write_file", { path: `${work}/box/a.txt`, content: "a", folders: true });
    await run("move_file", { path: `${work}/box`, to: `${work}/crate` });
    expect(
      await run("move_file", { path: `${work}/crate/a.txt`, to: `${work}/logs` }),
    ).toMatchObject({
      path: `${work}/logs/a.txt`,
    });
    expect(await run("move_file", { path: `${work}/logs/a.txt`, to: work })).toMatchObject({
      path: `${work}/a.txt`,
    });
    await expect(
      run("move_file", { path: `${work}/crate`, to: `${work}/crate/inside` }),
    ).rejects.toThrow("it is in what is moved");
  });

  it("moves a link, not what it leads to", async () => {
    await run("move_file", { path: `${work}/link`, to: `${work}/moved-link` });
    expect(lstatSync(`${work}/moved-link`).isSymbolicLink()).toBe(true);
    await run("move_file", { path: `${work}/moved-link`, to: `${work}/link` });
  });
});

describe("delete_file", () => {
  it("puts things into a trash, from where they come back", async () => {
    const path = `${work}/unwanted.txt`;
    await run("write_file", { path, content: "precious" });
    const answer = await run("delete_file", { path });
    expect(existsSync(path)).toBe(false);
    const trashed = text(answer["trashed"]);
    expect(trashed).toMatch(/\/\.Trash-\d+\/files\/unwanted\.txt\.[0-9a-f]{8}$/u);
    const info = readFileSync(trashed.replace("/files/", "/info/").concat(".trashinfo"), "utf8");
    expect(info).toMatch(/^\[Trash Info\]\nPath=\/.*unwanted\.txt\nDeletionDate=/u);
    await run("move_file", { path: trashed, to: path });
    expect(readFileSync(path, "utf8")).toBe("precious");
    await expect(run("delete_file", { path: trashed.replace(/\/files.*/u, "") })).rejects.toThrow(
      "it is the trash",
    );
  });

  it("takes folders as they are, and links without what they lead to", async () => {
    await run("write_file", { path: `${work}/gone/a.txt`, content: "a", folders: true });
    await run("delete_file", { path: `${work}/gone` });
    expect(existsSync(`${work}/gone`)).toBe(false);
    await run("delete_file", { path: `${work}/link.txt` });
    expect(existsSync(place("{outside}/secret.txt"))).toBe(true);
  });
});

describe("without writable folders", () => {
  it("there is nothing that writes", async () => {
    await using reading = await openFilePlayground({
      writable: [],
      readable: [work, "/not/there"],
    });
    const names = reading.pool.specs
      .flatMap(({ operations }) => operations)
      .map(({ name }) => name);
    expect(names).toEqual([
      "read_file",
      "list_folder",
      "stat_file",
      "search_files",
      "tail_file",
      "checksum_file",
    ]);
    expect(await reading.run("read_file", { path: `${work}/notes.txt` })).toMatchObject({
      isComplete: true,
    });
  });
});
