import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { choiceField } from "../operation/field.ts";
import { integer, objectSchema, string } from "../operation/output-schema.ts";
import type { FileSetting } from "./file-setting.ts";
import { openFile } from "./open-file.ts";
import { pathField } from "./path-field.ts";
import { readChunks } from "./read-chunks.ts";

const algorithm = choiceField("algorithm", "How it is computed.", [
  "sha256",
  "sha512",
  "sha1",
  "md5",
]);

/** Computes the checksum of a file. */
export const checksumFile: AgentOperation<FileSetting> = {
  name: "checksum_file",
  description: "Computes the checksum of a file of any size.",
  risk: "read",
  isIdempotent: true,
  fields: [pathField, algorithm],
  outputSchema: objectSchema({ path: string, size: integer, algorithm: string, checksum: string }),
  run: async (input, setting, { signal }) => {
    const name = algorithm.read(input);
    await using file = await openFile(pathField.read(input), setting);
    const checksum = await computeChecksum(file.handle, name, signal);
    return { path: file.path, size: file.stats.size, algorithm: name, checksum };
  },
};

/** The checksum of an open file, in hexadecimal digits. */
export async function computeChecksum(
  handle: FileHandle,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash(name);
  for await (const chunk of readChunks(handle, { from: 0, signal })) hash.update(chunk);
  return hash.digest("hex");
}
