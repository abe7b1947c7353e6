/** A state plugin as an npm package would export it: notes, each a file in a folder. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.env.NOTES_FOLDER ?? "/var/lib/notes";

async function read(key) {
  try {
    return { text: await readFile(join(folder, key), "utf8") };
  } catch {
    return null;
  }
}

async function write(key, value) {
  if (value === null) return await rm(join(folder, key), { force: true });
  await mkdir(folder, { recursive: true });
  return await writeFile(join(folder, key), value.text);
}

async function readAll(keys) {
  return await Promise.all(keys.map(async (key) => [key, await read(key)]));
}

export function openStatePlugin() {
  return {
    name: "jotter",
    version: "1",
    keys: { pattern: "[a-z]+", meaning: "the name of a note" },
    schema: {
      type: "object",
      properties: { text: { type: "string" } },
      required: ["text"],
      additionalProperties: false,
    },
    capabilities: { canBeAbsent: true, canWatch: false },
    query: async (keys) => {
      const states = (await readAll(keys)).map(([key, value]) => {
        const fingerprint = createHash("sha256").update(JSON.stringify(value)).digest("hex");
        return [key, { value, fingerprint }];
      });
      return new Map(states);
    },
    diff: async (desired, current) =>
      desired.flatMap((one) => {
        const before = current.get(one.key)?.value ?? null;
        const after = one.desired;
        if (before?.text === after?.text) return [];
        const action = before === null ? "create" : after === null ? "delete" : "update";
        const risk = after === null ? "destructive" : "write";
        return [{ ...one, action, risk, isReversible: true, before, after, requires: [] }];
      }),
    apply: ({ key, desired }) => write(key, desired),
    checkpoint: async (keys) => new Map(await readAll(keys)),
    rollback: (key, saved) => write(key, saved),
  };
}
