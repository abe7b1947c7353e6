import { constants, type Stats } from "node:fs";
import { chmod, copyFile, link, open, rename, unlink } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { choiceField, flagField, malformed, textField } from "../operation/field.ts";
import { boolean, integer, objectSchema, orNull, string } from "../operation/output-schema.ts";
import { checkNewName } from "../places/check-path.ts";
import { atPlace, failedPlace, refusedPlace } from "../places/place-failure.ts";
import { openEntry, type Entry, type Place } from "../places/place.ts";
import { renameNew } from "../places/rename-place.ts";
import { openChangeable } from "./change-place.ts";
import { computeChecksum } from "./checksum-file.ts";
import type { FileSetting } from "./file-setting.ts";
import { makeFoldersAbove } from "./make-folders.ts";
import { checkRegular } from "./open-file.ts";
import { pathField } from "./path-field.ts";
import { encode } from "./text-encoding.ts";

const content = textField("content", "What is written.");
const encoding = choiceField("encoding", "What content is.", [
  "utf-8",
  "utf-16le",
  "latin1",
  "base64",
  "hex",
]);
const how = choiceField(
  "how",
  "replace puts the whole content there at one moment; create writes only what is not there yet; append adds; in-place overwrites a file that belongs to somebody else, which is not one moment.",
  ["replace", "create", "append", "in-place"],
);
const backup = flagField("backup", "Whether the file as it was is kept beside it.");
const folders = flagField("folders", "Whether folders that are missing are made.");
const ifSha256 = textField("ifSha256", "Writes only while the file has this checksum.", {
  fallback: undefined,
});

/** Writes a file. */
export const writeFile: AgentOperation<FileSetting> = {
  name: "write_file",
  description:
    "Writes a file in a writable folder: all of it or nothing, keeping mode and owner. Can keep a backup, and check that the file is still the one that was read.",
  risk: "write",
  isIdempotent: false,
  fields: [pathField, content, encoding, how, backup, folders, ifSha256],
  outputSchema: objectSchema({
    path: string,
    size: integer,
    isNew: boolean,
    backup: orNull("string"),
  }),
  run: async (input, setting, { signal }) => {
    const path = pathField.read(input);
    const bytes = readContent(encode(content.read(input), encoding.read(input)), setting);
    if (folders.read(input)) await makeFoldersAbove(path, setting);
    await using place = await openChangeable(path, setting, { isFollowed: true });
    return await atPlace(path, async () => {
      await using entry = await openEntry(place);
      const target = { path, place, entry };
      if (entry !== undefined) checkRegular(path, entry.stats);
      else checkNewName(path, place.name);
      const way = how.read(input);
      checkWay(target, way);
      await checkUnchanged(target, ifSha256.read(input), signal);
      const isKept = backup.read(input) && entry !== undefined;
      const kept = isKept ? await keepBackup(place, way) : null;
      await write(target, bytes, way);
      await using written = await openEntry(place);
      const size = written?.stats.size ?? bytes.length;
      return { path: place.path, size, isNew: entry === undefined, backup: kept };
    });
  },
};

type Way = ReturnType<typeof how.read>;

interface Target {
  readonly path: string;
  readonly place: Place;
  readonly entry: Entry | undefined;
}

function readContent(bytes: Buffer | undefined, { writeBytes }: FileSetting): Buffer {
  if (bytes === undefined)
    throw malformed("content is not in the encoding that it is said to have");
  if (bytes.length <= writeBytes) return bytes;
  throw malformed(
    `content has ${bytes.length} bytes, and one call writes ${writeBytes} at most`,
    "Write the rest with append.",
  );
}

async function checkUnchanged(
  { path, entry }: Target,
  expected: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (expected === undefined) return;
  if (entry === undefined) throw failedPlace(path, "it does not exist any more");
  await using handle = await entry.open(constants.O_RDONLY);
  if ((await computeChecksum(handle, "sha256", signal)) === expected.toLowerCase()) return;
  throw failedPlace(path, "it has changed since it was read", "Read it again, and then write it.");
}

/** Where the file is replaced, its backup is a second name for it as it is, mode and owner included. */
async function keepBackup(place: Place, way: Way): Promise<string> {
  const name = `${place.name}.${new Date().toISOString().replaceAll(":", "-")}.bak`;
  if (way === "replace") await link(place.at, place.beside(name));
  else await copyFile(place.at, place.beside(name), constants.COPYFILE_EXCL);
  return `${dirname(place.path)}/${name}`;
}

function checkWay({ path, entry }: Target, way: Way): void {
  if (entry === undefined) {
    if (way === "in-place") throw failedPlace(path, "it does not exist");
    return;
  }
  const { mode, nlink } = entry.stats;
  if (way === "create") {
    throw failedPlace(path, "it exists already", "Replace it, if that is meant.");
  }
  if ((mode & 0o6000) !== 0) throw refusedPlace(path, "it is a program that runs as its owner");
  if (way === "replace") checkOwner(path, entry.stats);
  else if (nlink > 1) {
    throw refusedPlace(path, "it has other names, and they would change too", "Replace it.");
  }
}

/** Whoever owns a new file is who makes it: a file of somebody else would change hands. */
function checkOwner(path: string, stats: Stats): void {
  if (stats.uid === process.getuid?.() && stats.gid === process.getgid?.()) return;
  const advice = "Overwrite it in-place, which is not one moment, or write it as another user.";
  throw refusedPlace(path, "it belongs to another user or group, and would be the agent's", advice);
}

async function write({ place, entry }: Target, bytes: Buffer, way: Way): Promise<void> {
  if (entry === undefined) await createWhole(place, bytes);
  else if (way === "replace") await replaceWhole(place, bytes, entry.stats);
  else await overwrite(entry, bytes, way === "append");
}

async function createWhole(place: Place, bytes: Buffer): Promise<void> {
  await withDraft(place, bytes, 0o644, async (draft) => {
    await renameNew(draft, place.at, false);
  });
}

async function replaceWhole(place: Place, bytes: Buffer, { mode }: Stats): Promise<void> {
  await withDraft(place, bytes, mode & 0o7777, async (draft) => await rename(draft, place.at));
}

async function withDraft(
  place: Place,
  bytes: Buffer,
  mode: number,
  publish: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = place.beside(`.${randomUUID()}.draft`);
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  try {
    await using handle = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    await handle.writeFile(bytes);
    // Node's permission model knows no fchmod.
    await chmod(`/proc/self/fd/${handle.fd}`, mode);
    await handle.sync();
    await publish(draft);
    await place.syncFolder();
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
}

async function overwrite(entry: Entry, bytes: Buffer, isAppended: boolean): Promise<void> {
  const { O_APPEND, O_TRUNC, O_WRONLY } = constants;
  await using handle = await entry.open(O_WRONLY | (isAppended ? O_APPEND : O_TRUNC));
  await handle.writeFile(bytes);
  await handle.sync();
}
