import { readFileSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, test, vi } from "vitest";
import { benignGit, refusedGit } from "./git-corpus.ts";
import { hasRun, namesIn, openGitPlayground } from "./git-playground.ts";
import { hostileRepositories } from "./hostile-repositories.ts";

// Each pool starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const playground = await openGitPlayground();
afterAll(async () => await playground[Symbol.asyncDispose]());
const changes = "init add commit switch restore mv rm reset".split(" ");
const ask = async (cwd: string, argv: readonly string[]) =>
  await playground.run(changes.includes(argv[0] ?? "") ? "git_change" : "git_operation", {
    argv,
    cwd,
  });

describe("a hostile repository runs nothing", () => {
  const made = hostileRepositories.map((hostile, at) => ({
    ...hostile,
    made: playground.makeHostile(`hostile-${at}`, hostile),
    control: playground.makeHostile(`control-${at}`, hostile),
  }));
  playground.handOver();

  it.each(made)(
    "$name",
    async ({ argv, folder = ".", made: { path, mark }, control, isAlive, exitCode = 0 }) => {
      const answer = await ask(join(path, folder), argv);
      expect(answer, JSON.stringify(answer)).toMatchObject({ exitCode });
      expect(hasRun(mark)).toBe(false);
      try {
        playground.git(join(control.path, folder), ...argv);
      } catch {
        // Some payloads make git fail after they have run.
      }
      // Otherwise the case would prove nothing.
      expect(hasRun(control.mark)).toBe(isAlive ?? true);
    },
  );
});

describe("what git may not be asked is refused, with the reason", () => {
  const path = playground.makeRepository("refusing");
  playground.handOver();
  it.each(refusedGit.map((argv) => ({ argv, name: JSON.stringify(argv).slice(0, 80) })))(
    "$name",
    async ({ argv }) => {
      for (const operation of ["git_operation", "git_change"]) {
        const error = await playground.run(operation, { argv, cwd: path }).then(
          (answer) => expect.fail(`It ran: ${JSON.stringify(answer).slice(0, 200)}`),
          (thrown: Error & { data: unknown }) => thrown,
        );
        expect(error).toMatchObject({ data: { reason: "ERR_COMMAND_REFUSED" } });
        expect(error.message).toMatch(/was refused: .{10}/u);
      }
    },
  );

  test("and nothing has changed", () => {
    expect(namesIn(path)).toEqual([".git", "below", "new.txt", "tracked.txt"]);
    expect(playground.git(path, "rev-list", "--count", "HEAD")).toBe("2\n");
  });
});

describe("what people ordinarily ask is answered", () => {
  const path = playground.makeRepository("benign");
  playground.handOver();
  it.each(benignGit.map((argv) => ({ argv, name: argv.join(" ").slice(0, 80) })))(
    "$name",
    async ({ argv }) => {
      const answer = await ask(path, argv);
      expect(answer["exitCode"], JSON.stringify(answer)).toBe(0);
    },
  );

  it("as git itself would answer", async () => {
    const twin = playground.makeRepository("twin");
    playground.handOver();
    for (const argv of [["log", "--format=%H %s"], ["status", "-s"], ["diff"], ["ls-files"]]) {
      expect(await ask(twin, argv)).toMatchObject({ stdout: playground.git(twin, ...argv) });
    }
    expect(await ask(join(twin, "below"), ["rev-parse", "--show-prefix"])).toMatchObject({
      stdout: "below/\n",
    });
  });
});

describe("a repository", () => {
  it("is made, and gets its first commit", async () => {
    const path = join(playground.projects, "fresh");
    await playground.run("create_project", { name: "fresh", folder: playground.projects });
    expect(await ask(path, ["init", "-b", "trunk"])).toMatchObject({ exitCode: 0 });
    await expect(ask(path, ["init"])).rejects.toThrow("there is a repository already");
    await ask(path, ["add", "."]);
    const author = "Ada Lovelace <ada@example.com>";
    expect(
      await playground.run("git_change", { argv: ["commit", "-m", "first"], cwd: path, author }),
    ).toMatchObject({ exitCode: 0 });
    expect(playground.git(path, "log", "--format=%an %ae %s")).toBe(
      "Ada Lovelace ada@example.com first\n",
    );
    expect(playground.git(path, "fsck", "--strict")).toBe("");
    await expect(
      playground.run("git_change", { argv: ["add", "."], cwd: path, author: "x\n<y>" }),
    ).rejects.toThrow("author has to be");
  });

  it("outside of the folders for projects is read and not changed", async () => {
    const path = join(playground.root, "elsewhere");
    mkdirSync(path);
    playground.git(path, "init", "-q");
    expect(await ask(path, ["status"])).toMatchObject({ exitCode: 0 });
    await expect(ask(path, ["add", "."])).rejects.toThrow("not in a folder for projects");
    await expect(ask("/etc", ["status"])).rejects.toThrow("was refused");
    await expect(ask(playground.root, ["status"])).rejects.toThrow("in no git repository");
    await expect(ask(playground.root, ["init"])).rejects.toThrow("in no folder for projects");
  });

  it("with several working folders works in each", async () => {
    const path = playground.makeRepository("several");
    playground.git(path, "worktree", "add", "-q", "../several-two", "-b", "two");
    playground.handOver();
    const two = join(playground.projects, "several-two");
    expect(await ask(two, ["branch", "--show-current"])).toMatchObject({ stdout: "two\n" });
    writeFileSync(join(two, "tracked.txt"), "in two\n");
    expect(await ask(two, ["commit", "-a", "-m", "in two"])).toMatchObject({ exitCode: 0 });
    expect(playground.git(path, "log", "-1", "--format=%s", "two")).toBe("in two\n");
  });

  it("that leads elsewhere is refused", async () => {
    const lead = (name: string, pointer: string) => {
      const path = join(playground.projects, name);
      mkdirSync(path);
      writeFileSync(join(path, ".git"), pointer);
      return path;
    };
    await expect(ask(lead("lead-1", "gitdir: /etc\n"), ["status"])).rejects.toThrow("was refused");
    await expect(ask(lead("lead-2", "nonsense\n"), ["status"])).rejects.toThrow("was refused");
    const linked = join(playground.projects, "lead-3");
    mkdirSync(linked);
    symlinkSync("/etc", join(linked, ".git"));
    await expect(ask(linked, ["status"])).rejects.toThrow("was refused");
    const borrowing = playground.makeRepository("borrowing");
    writeFileSync(join(borrowing, ".git/objects/info/alternates"), "/usr/share\n");
    await expect(ask(borrowing, ["status"])).rejects.toThrow("was refused");
  });

  it("hides passwords of addresses, and takes no files from its configuration", async () => {
    const path = playground.makeRepository("addresses");
    playground.git(path, "remote", "add", "origin", "https://me:TOP-SECRET@example.com/x.git");
    playground.git(path, "config", "mailmap.file", "/etc/passwd");
    playground.git(path, "config", "core.worktree", "/etc");
    playground.git(path, "config", "blame.ignoreRevsFile", "/etc/passwd");
    playground.handOver();
    expect(await ask(path, ["remote", "-v"])).toMatchObject({
      stdout: expect.stringContaining("https://example.com/x.git"),
    });
    for (const argv of [
      ["remote", "-v"],
      ["shortlog", "-s", "HEAD"],
      ["blame", "tracked.txt"],
      ["ls-files", "--others"],
    ]) {
      const text = JSON.stringify(await ask(path, argv));
      expect(text).not.toMatch(/TOP-SECRET|passwd|root:/u);
    }
  });

  it("in a folder that only looks like one is none", async () => {
    const path = join(playground.projects, "bare-trap");
    playground.git(playground.projects, "init", "-q", "--bare", "bare-trap");
    playground.handOver();
    await expect(ask(path, ["status"])).rejects.toThrow("in no git repository");
    rmSync(path, { recursive: true });
  });
});

describe("create_project", () => {
  it.each(["empty", "node", "typescript", "python", "rust", "go", "c", "web"])(
    "makes a project of %s",
    async (template) => {
      const name = `made-${template}`;
      const answer = await playground.run("create_project", {
        name,
        folder: playground.projects,
        template,
        description: "A project for tests.",
      });
      const path = join(playground.projects, name);
      expect(answer).toMatchObject({ path });
      for (const file of answer["files"] as string[]) {
        expect(readFileSync(join(path, file), "utf8")).not.toContain("{");
        break;
      }
      expect(readFileSync(join(path, "README.md"), "utf8")).toBe(
        `# ${name}\n\nA project for tests.\n`,
      );
    },
  );

  it("makes projects that run", async () => {
    const { execFileSync } = await import("node:child_process");
    const at = (name: string) => ({
      cwd: join(playground.projects, `made-${name}`),
      encoding: "utf8" as const,
    });
    expect(execFileSync(process.execPath, ["src/main.js"], at("node"))).toBe("Hello!\n");
    expect(execFileSync(process.execPath, ["src/main.ts"], at("typescript"))).toBe("Hello!\n");
    const python = { ...at("python"), env: { PYTHONPATH: "src", PYTHONDONTWRITEBYTECODE: "1" } };
    expect(execFileSync("/usr/bin/python3", ["-m", "made_python"], python)).toBe("Hello!\n");
  });

  it("replaces nothing", async () => {
    const input = { name: "made-node", folder: playground.projects };
    await expect(playground.run("create_project", input)).rejects.toThrow("exists already");
  });

  it.each([
    ["../up"],
    ["/etc/x"],
    [".git"],
    ["a/b"],
    ["A"],
    ["-x"],
    [""],
    [" "],
    ["a b"],
    ["a\0"],
    ["x".repeat(65)],
    ["node_modules/x"],
    ["\u0430bc"],
    ["a;id"],
    ["$(id)"],
    ["a\n"],
  ])("refuses the name %j", async (name) => {
    await expect(
      playground.run("create_project", { name, folder: playground.projects }),
    ).rejects.toThrow("The input can't be used");
  });

  it.each([
    ["/etc"],
    ["/"],
    ["/tmp"],
    ["{root}"],
    ["{projects}/.."],
    ["{projects}/.ssh"],
    ["{projects}/refusing/.git"],
    ["relative"],
    ["/proc/self"],
  ])("refuses the folder %s", async (folder) => {
    const place = folder
      .replace("{root}", playground.root)
      .replace("{projects}", playground.projects);
    await expect(playground.run("create_project", { name: "x", folder: place })).rejects.toThrow(
      /was refused|can't be used/u,
    );
  });

  it.each([['"; import os'], ["a\nb"], ["\\"], ["\u202E"]])(
    "refuses the description %j",
    async (description) => {
      await expect(
        playground.run("create_project", { name: "x", folder: playground.projects, description }),
      ).rejects.toThrow("description has");
    },
  );
});
