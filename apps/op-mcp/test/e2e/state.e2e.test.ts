import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { connect, eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { TerminalRun } from "./terminal-run.ts";
import { verifies } from "./verifies.ts";

/** A place of its own on this machine, with a file of desired state about it. */
async function prepare(): Promise<{ installation: Installation; root: string; file: string }> {
  const installation = await Installation.create({ DBUS_SYSTEM_BUS_ADDRESS: "" });
  // What not everybody may read is not shown.
  await chmod(installation.home, 0o755);
  const root = join(installation.home, "machine");
  await mkdir(root);
  await writeFile(join(root, "motd"), "hello\n");
  const state = `version: 1
state:
  files:
    ${root}/app: { type: directory, mode: "0755" }
    ${root}/app/conf:
      template: |
        name = {{name}}
        level = 3
      values: { name: web }
    ${root}/motd: { content: "be kind\\n" }
`;
  const file = await installation.write("web.yaml", state);
  return { installation, root, file };
}

describe("declared state from the shell", () => {
  verifies("state.cli", "all of its life", async () => {
    const prepared = await prepare();
    await using installation = prepared.installation;
    const { root, file } = prepared;
    const state = (...args: readonly string[]) => installation.run(["state", ...args]);
    const motd = () => readFile(join(root, "motd"), "utf8");

    expect(await state("plan", file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Plan: 2 to create, 1 to update, 0 to delete, 0 as desired."),
    });
    expect((await state("diff", file)).code).toBe(1);
    expect((await state("apply", file, "--dry-run")).code).toBe(0);
    expect(await motd()).toBe("hello\n");
    expect((await state("apply", file)).code).toBe(77);
    expect(await motd()).toBe("hello\n");
    const saved = await state("checkpoint", `files:${root}/motd`, "--why", "before", "--json");
    expect(JSON.parse(saved.stdout)).toMatchObject({ run: 1, kind: "checkpoint", why: "before" });

    const applied = await state("apply", file, "--yes", "--why", "release 7");
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`✓ 3/3 files:${root}/app/conf\nDone: run 2 completed.`),
    });
    expect(await state("verify", file)).toMatchObject({ code: 0, stderr: "" });
    expect((await state("diff", file)).stdout).toBe("✓ No difference.\n");
    expect((await state("apply", file)).stdout).toContain("Nothing has to change: 3 as desired.");

    await writeFile(join(root, "motd"), "by hand\n");
    expect(await state("drift")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("- by hand"),
    });
    const history = await state("history");
    expect(history.stdout).toMatch(/^2 .* apply +completed +unix:uid=\d+ +release 7$/m);
    expect((await state("history", "2")).stdout).toContain("+ be kind");
    const preview = await state("rollback", "1", "--dry-run");
    expect(preview.stdout).toContain("Plan: 0 to create, 1 to update, 2 to delete.");
    expect((await state("rollback", "1", "--yes")).code).toBe(0);
    expect(await readdir(root)).toEqual(["motd"]);
    expect(await motd()).toBe("hello\n");
    expect((await state("recover", "--yes")).stdout).toBe("No run is left half done.\n");
  });

  verifies("state.display", "signs, colours and a question", async () => {
    const prepared = await prepare();
    await using installation = prepared.installation;
    const onTerminal = async (env: Record<string, string>, answer: string): Promise<string> => {
      using run = new TerminalRun(installation, ["state", "apply", prepared.file], env);
      return await run.answer(answer);
    };
    const declined = await onTerminal({}, "n");
    expect(declined).toContain("\u001B[33m~\u001B[39m \u001B[1mfiles:");
    expect(declined).toContain("\u001B[31m- hello\u001B[39m");
    expect(declined).toContain("\u001B[32m2 to create\u001B[39m");
    expect(await readFile(join(prepared.root, "motd"), "utf8")).toBe("hello\n");
    const plain = await onTerminal({ NO_COLOR: "1" }, "y");
    expect(plain).not.toContain("\u001B[3");
    expect(plain).toContain("Done: run 1 completed.");
    expect(await readFile(join(prepared.root, "motd"), "utf8")).toBe("be kind\n");
  });

  verifies("state.wrong-input", "each kind of it", async () => {
    const prepared = await prepare();
    await using installation = prepared.installation;
    const { root } = prepared;
    const attempt = async (text: string) => {
      const { code, stderr } = await installation.run(["state", "apply", "--yes", "-"], text);
      return { code, stderr };
    };
    const files = (body: unknown): string => JSON.stringify({ version: 1, state: { files: body } });
    const cases: readonly (readonly [string, number, string])[] = [
      ["version: 1\nstate: [", 65, "failed"],
      ["version: 2\nstate: {}", 65, "version is not 1"],
      ["version: 1\nstate: { filez: { x: absent } }", 65, "there is no plugin filez, but files"],
      [files({ relative: { content: "" } }), 65, "an absolute path"],
      [files({ "/a": { contents: "" } }), 65, "contents"],
      [
        files({
          [`${root}/a`]: { content: "", requires: [`files:${root}/b`] },
          [`${root}/b`]: { content: "", requires: [`files:${root}/a`] },
        }),
        65,
        "wait for each other",
      ],
      [files({ [`${root}/none/a`]: { content: "" } }), 1, "does not exist"],
    ];
    for (const [text, code, message] of cases) {
      const refused = await attempt(text);
      expect(refused.stderr).toContain(message);
      expect(refused.code).toBe(code);
    }
    expect(await readdir(root)).toEqual(["motd"]);
    expect((await installation.run(["state", "history"])).stdout).toBe("There are no runs yet.\n");
    const missing = await installation.run(["state", "plan", "nowhere.yaml"]);
    expect(missing.code).toBe(66);
  });
});

describe("a machine whose bus cannot be reached", () => {
  verifies(
    "state.without-bus",
    "files are managed, and a query of the host's name fails",
    async () => {
      const { installation, file } = await prepare();
      await using _installation = installation;
      installation.env["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nowhere/bus";
      expect((await installation.run(["state", "apply", file, "--yes"])).code).toBe(0);
      const query = ["call", "state_hostname_query", '{"keys":["system"]}'];
      const { code, stdout, stderr } = await installation.run(query);
      expect(code, stdout).toBe(75);
      expect(stdout + stderr).toContain("/nowhere/bus");
      expect((await installation.run(["state", "drift"])).code).toBe(0);
    },
  );
});

describe.each(eras)("declared state by a client, in %s", (name, era) => {
  verifies("state.approval", name, async () => {
    const { installation, root } = await prepare();
    await using _installation = installation;
    const answers: ("accept" | "decline")[] = ["decline", "accept", "accept"];
    const asked: string[] = [];
    await using connected = await connect(installation, {
      era,
      person: (message) => {
        asked.push(message);
        return answers.shift() ?? "decline";
      },
    });
    const call = async (tool: string, args: object) =>
      await connected.client.callTool({ name: tool, arguments: { ...args } });
    const motd = () => readFile(join(root, "motd"), "utf8");
    const state = {
      files: {
        [`${root}/motd`]: { content: "be kind\n" },
        [`${root}/token`]: { content: "s3cret", mode: "0600" },
      },
    };
    const planned = await call("state_plan", { state });
    const { plan } = Object(planned.structuredContent);
    const declined = await call("state_apply", { plan, why: "a test" });
    expect(textOf(declined)).toContain("declined");
    expect(await motd()).toBe("hello\n");
    expect(asked[0]).toContain(`It would: apply plan ${plan}: 1 to create, 1 to update`);
    expect(asked[0]).toContain(`| ~ files:${root}/motd`);
    expect(asked[0]).toContain("|     - hello");
    expect(asked[0]).toContain('content: "s3cret"');
    expect(textOf(await call("state_apply", { plan, why: "a test" }))).toContain("completed");
    expect(await motd()).toBe("be kind\n");
    // Who agrees sees what is wanted; who looks later does not see what is secret.
    expect(textOf(await call("state_history", { run: 1 }))).not.toContain("s3cret");
    const audit = await installation.run(["audit", "query", "--json"]);
    expect(audit.stdout).toContain("state_apply");
    await writeFile(join(root, "motd"), "by hand\n");
    const stale = await call("state_apply", { plan, why: "again" });
    expect(textOf(stale)).toContain("ERR_STATE_PLAN_STALE");
    const prompt = await connected.client.getPrompt({ name: "state_explain_changes" });
    expect(textOf(prompt)).toContain("a test");
  });
});

describe("a server that is killed while it applies", () => {
  verifies("state.crash", "at many moments of an apply", async () => {
    const { installation, root } = await prepare();
    await using _installation = installation;
    const names = Array.from({ length: 40 }, (_, index) => `${root}/f${index}`);
    const state = { files: Object.fromEntries(names.map((name) => [name, { content: name }])) };
    const file = await installation.write("many.json", JSON.stringify({ version: 1, state }));
    await rm(join(root, "motd"));
    let undone = 0;
    for (let round = 0; round < 12; round += 1) {
      const child = installation.spawn("state", "apply", file, "--yes");
      child.stdin.end();
      let steps = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        steps += chunk.toString().split("✓").length - 1;
        if (steps > (round * 7) % 40) child.kill("SIGKILL");
      });
      await once(child, "close");
      // A server that only ever listens brings it to an end.
      const server = installation.spawn();
      await expect
        .poll(() => readdir(join(installation.home, "state/op-mcp/state/unfinished")), {
          timeout: 20_000,
        })
        .toEqual([]);
      server.stdin.end();
      await once(server, "close");
      const { stdout } = await installation.run(["state", "history", "--limit", "1", "--json"]);
      const [last] = JSON.parse(stdout).runs;
      const present = (await readdir(root)).length;
      expect(["undone", "completed"]).toContain(last.status);
      expect(present).toBe(last.status === "completed" ? names.length : 0);
      if (last.status === "undone") undone += 1;
      if (present > 0) await installation.run(["state", "rollback", String(last.run), "--yes"]);
    }
    expect(undone).toBeGreaterThan(6);
  });
});
