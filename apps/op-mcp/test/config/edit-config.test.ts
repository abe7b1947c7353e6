import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { editConfig } from "../../src/config/edit-config.ts";
import { openTempFolder } from "../secrets/temp-folder.ts";

const path = ["upstreams", "servers", "notes"];
const value = { command: "notes", env: { DEBUG: "1" } };

const files = {
  "config.json": {
    before: '{\n  // How much is said.\n  "log": { "level": "debug" },\n}\n',
    after:
      '{\n  // How much is said.\n  "log": { "level": "debug" },\n  "upstreams": {\n    "servers": {\n      "notes": {\n        "command": "notes",\n        "env": {\n          "DEBUG": "1"\n        }\n      }\n    }\n  },\n}\n',
  },
  "config.yaml": {
    before: "# How much is said.\nlog:\n  level: debug # for now\n",
    after:
      '# How much is said.\nlog:\n  level: debug # for now\nupstreams:\n  servers:\n    notes:\n      command: notes\n      env:\n        DEBUG: "1"\n',
  },
  "config.toml": {
    before: '# How much is said.\n[log]\nlevel = "debug"\n',
    after:
      '# How much is said.\n[log]\nlevel = "debug"\n\n[upstreams.servers.notes]\ncommand = "notes"\n\n[upstreams.servers.notes.env]\nDEBUG = "1"\n',
  },
};

describe.each(Object.entries(files))("editing %s", (name, { before, after }) => {
  it("adds, changes and removes a value, and leaves the rest as it is", async () => {
    await using folder = await openTempFolder();
    const file = join(folder.path, name);
    await writeFile(file, before);
    await editConfig(file, [{ path, value }]);
    expect(await readFile(file, "utf8")).toBe(after);
    await editConfig(file, [{ path, value: { url: "https://notes.example" } }]);
    const changed = await readFile(file, "utf8");
    expect(changed).toContain("https://notes.example");
    expect(changed).not.toContain("DEBUG");
    expect(changed).toContain("How much is said.");
    await editConfig(file, [{ path, value: undefined }]);
    const removed = await readFile(file, "utf8");
    expect(removed).not.toContain("notes");
    expect(removed).toContain("How much is said.");
  });

  it("makes the file where there is none, for its owner alone", async () => {
    await using folder = await openTempFolder();
    const file = join(folder.path, "new", name);
    await editConfig(file, [{ path, value }]);
    expect(await readFile(file, "utf8")).toContain("notes");
  });
});

it("does not touch what it does not understand", async () => {
  await using folder = await openTempFolder();
  const file = join(folder.path, "config.toml");
  const text = 'upstreams.servers = { notes = { command = "notes" } }\n';
  await writeFile(file, text);
  await expect(editConfig(file, [{ path, value: undefined }])).rejects.toMatchObject({
    code: "ERR_CONFIG_EDIT",
  });
  expect(await readFile(file, "utf8")).toBe(text);
});
