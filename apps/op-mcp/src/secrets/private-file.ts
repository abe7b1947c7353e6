import { constants, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { SecretExposedError } from "./secrets-error.ts";

/** What reading a private file takes. */
export interface ReadPrivateFileOptions {
  readonly signal: AbortSignal;
  /** Who besides root may own the file: the user op-mcp runs as unless told. */
  readonly uid?: number;
  /** Leaves the check of the permissions to whoever made the directory. */
  readonly isProtectedElsewhere?: boolean;
}

const mostBytes = 1024 * 1024;

/**
 * Reads a small file that only its owner can read. Throws `ERR_SECRET_EXPOSED` when others can, or when neither this
 * user nor root owns it; the file that is checked is the one that is read.
 */
export async function readPrivateFile(
  path: string,
  options: ReadPrivateFileOptions,
): Promise<Buffer> {
  options.signal.throwIfAborted();
  // Opening a pipe would wait for somebody to write.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile()) throw new TypeError("it is not a regular file");
  if (options.isProtectedElsewhere !== true) checkExposure(path, stats, options.uid);
  if (stats.size > mostBytes) throw new RangeError(`it is longer than ${mostBytes} bytes`);
  return await readAtMost(file, mostBytes, options.signal);
}

/** A file may grow between looking and reading. */
async function readAtMost(file: FileHandle, most: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(16_384));
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length > most) throw new RangeError(`it is longer than ${most} bytes`);
  }
}

function checkExposure(path: string, { mode, uid }: Stats, own = process.geteuid?.()): void {
  if (own !== undefined && uid !== own && uid !== 0) {
    throw new SecretExposedError(
      path,
      `it belongs to the user with the number ${uid}`,
      `Run chown ${own} ${path}, and replace the secret if others may have known it.`,
    );
  }
  if ((mode & 0o077) === 0) return;
  throw new SecretExposedError(
    path,
    `other users have permissions on it (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`,
    `Run chmod 600 ${path}, and replace the secret if others may have read it.`,
  );
}
