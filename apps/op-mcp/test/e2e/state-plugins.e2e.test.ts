import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { Installation } from "./installation.ts";
import { openNotesBus } from "./notes-service.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

const example = fileURLToPath(
  new URL("../../../../packages/op-state/examples/notes_plugin.py", import.meta.url),
);

const noBus = { DBUS_SYSTEM_BUS_ADDRESS: "" };

function stateOf(plugin: string, text: string): string {
  return JSON.stringify({ version: 1, state: { [plugin]: { hello: { text } } } });
}

describe("a state plugin of somebody else", () => {
  verifies("state.plugins", "that is a program", async () => {
    await using installation = await Installation.create(noBus);
    const folder = join(installation.home, "notes");
    const plugins = (...args: readonly string[]) => installation.run(["plugins", ...args]);
    const added = await plugins("add", "/usr/bin/python3", example, folder);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining("notes 1 is added") });
    expect((await plugins("list")).stdout).toMatch(/^notes +executable +ok +version 1, /m);
    await mkdir(folder);
    await writeFile(join(folder, "first"), "mine");
    const checked = await plugins("check", "notes", "--yes");
    expect(checked.stdout).toContain("notes keeps the contract.");
    expect(checked.code).toBe(0);
    expect(await readdir(folder)).toEqual(["first"]);
    expect(await readFile(join(folder, "first"), "utf8")).toBe("mine");

    const apply = ["state", "apply", "-", "--yes"];
    expect((await installation.run(apply, stateOf("notes", "hi"))).code).toBe(0);
    expect(await readFile(join(folder, "hello"), "utf8")).toBe("hi");
    await writeFile(join(folder, "hello"), "by hand");
    expect((await installation.run(["state", "drift"])).stdout).toContain('"by hand" → "hi"');
    expect((await installation.run(["state", "rollback", "1", "--yes"])).code).toBe(0);
    expect(await readdir(folder)).toEqual(["first"]);
  });

  verifies("state.plugins", "that is a module", async () => {
    await using installation = await Installation.create(noBus);
    const folder = join(installation.home, "notes");
    installation.env["NOTES_FOLDER"] = folder;
    const path = pluginPath("notes-plugin");
    const added = await installation.run(["plugins", "add", "--module", path, "--json"]);
    expect(JSON.parse(added.stdout)).toMatchObject({ name: "jotter", kind: "module" });
    const one = await installation.write("one.json", stateOf("jotter", "one"));
    const two = await installation.write("two.json", stateOf("jotter", "two"));
    const checked = await installation.run(["plugins", "check", "jotter", one, two, "--yes"]);
    expect(checked.stdout).toContain("jotter keeps the contract.");
    expect((await installation.run(["state", "apply", one, "--yes"])).code).toBe(0);
    expect(await readFile(join(folder, "hello"), "utf8")).toBe("one");
  });

  for (const format of ["json", "yaml", "toml"]) {
    verifies("state.plugins", `that comes and goes in ${format}`, async () => {
      await using installation = await Installation.create(noBus);
      const before = { json: "// mine\n{}\n", yaml: "# mine\n", toml: "# mine\n" }[format] ?? "";
      const file = await installation.write(`config/op-mcp/config.${format}`, before);
      const plugins = async (...args: readonly string[]) => {
        const { code, stderr } = await installation.run(["plugins", ...args]);
        return { code, stderr };
      };
      const module = ["--module", pluginPath("notes-plugin")];
      expect(await plugins("add", ...module)).toEqual({ code: 0, stderr: "" });
      expect(await readFile(file, "utf8")).toContain("jotter");
      expect((await installation.run(["plugins", "list"])).stdout).toMatch(/^jotter +module +ok/m);
      expect(await plugins("remove", "jotter")).toEqual({ code: 0, stderr: "" });
      const after = await readFile(file, "utf8");
      expect(after).toContain("mine");
      expect(after).not.toContain("jotter");
      expect((await plugins("remove", "jotter")).code).toBe(64);
      installation.env["OP_MCP_STATE__EXTERNAL"] = '{"x":{"kind":"service","target":["y"]}}';
      expect((await plugins("remove", "x")).stderr).toContain("by OP_MCP_STATE__EXTERNAL");
    });
  }

  verifies("state.plugins", "that is a service", async () => {
    await using bus = await openNotesBus();
    await using installation = await Installation.create({ DBUS_SYSTEM_BUS_ADDRESS: bus.address });
    const plugins = (...args: readonly string[]) => installation.run(["plugins", ...args]);
    expect((await plugins("list")).stdout).toMatch(/^org\.example\.Board +service +not added/m);
    expect((await plugins("add", "--service", "org.example.Board")).code).toBe(0);
    expect((await plugins("list")).stdout).toMatch(/^board +service +ok +version 3, /m);
    expect((await plugins("check", "board", "--yes")).stdout).toContain("keeps the contract");
    const apply = ["state", "apply", "-", "--yes"];
    expect((await installation.run(apply, stateOf("board", "hi"))).code).toBe(0);
    expect(bus.notes.get("hello")).toEqual({ text: "hi" });
  });

  verifies("state.plugins", "that is broken, or breaks the contract", async () => {
    await using installation = await Installation.create(noBus);
    const source = await readFile(example, "utf8");
    const forgetful = await installation.write(
      "forgetful.py",
      source.replace("def rollback(_id, value):\n", "def rollback(_id, value):\n    return {}\n"),
    );
    const external = {
      notes: { kind: "executable", target: ["/usr/bin/python3", forgetful, installation.home] },
      gone: { kind: "executable", target: ["/nowhere/plugin"] },
    };
    await installation.write("config/op-mcp/config.json", JSON.stringify({ state: { external } }));
    const checked = await installation.run(["plugins", "check", "notes", "--yes"]);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain("✗ brings back what was saved, twice");
    expect(checked.stdout).toContain("✓ answers for every key");
    const listed = await installation.run(["plugins", "list"]);
    expect(listed.code).toBe(1);
    expect(listed.stdout).toMatch(/^gone +executable +failed/m);
    // It hurts nobody else.
    const query = ["call", "state_notes_query", '{"keys":["hello"]}'];
    expect((await installation.run(query)).code).toBe(0);
    const refused = await installation.run(["plugins", "add", "--module", "./nowhere.mjs"]);
    expect(refused.stderr).toContain("nowhere.mjs");
    expect((await installation.run(["plugins", "add"])).code).toBe(64);
  });
});
