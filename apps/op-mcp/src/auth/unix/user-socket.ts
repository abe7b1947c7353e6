import { chmod, chown, lstat, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { dirname, join } from "node:path";
import { isAbortOf, isOpError } from "op-core";
import { UserSocketError } from "../auth-error.ts";
import { isCode } from "../files/private-text.ts";
import { findUnixUser, ownUnixUser } from "./user-groups.ts";
import type { UnixUser } from "./unix-user.ts";

/**
 * Says which user alone can connect to a socket, by asking the kernel for its owner and permissions. Nothing when more
 * than one can.
 *
 * Node cannot ask the kernel who is at the other end of a connection (`SO_PEERCRED`), and nothing in /proc says it. But
 * the kernel lets only those connect who may write to the socket's file. So a socket that its owner alone may write to
 * proves its clients as well, and each user who is to be let in gets a socket of its own. Besides the owner only root
 * can connect, who could become the owner anyway. An access list shows as permissions of the group, and is refused.
 */
export async function identifySocket(
  path: string,
  signal: AbortSignal,
): Promise<UnixUser | undefined> {
  const stats = await lstat(path);
  const isOwnersAlone = stats.isSocket() && (stats.mode & 0o022) === 0;
  return isOwnersAlone ? await findUnixUser(stats.uid, signal) : undefined;
}

/** What a socket for one user takes. */
export interface OpenUserSocketOptions {
  /** Not listening yet; whoever made it closes it. */
  readonly server: Server;
  readonly path: string;
  /** Who may connect: the user op-mcp runs as unless told. Another one takes root. */
  readonly uid?: number;
  readonly signal: AbortSignal;
}

/** A socket for one user. Disposing it removes the file and closes the server to new clients. */
export interface UserSocket extends AsyncDisposable {
  readonly path: string;
  readonly user: UnixUser;
}

/**
 * Listens on a Unix socket to which one user alone can connect; nobody else could for a moment. The file of a process
 * that is gone is replaced. Throws `ERR_AUTH_USER_SOCKET`.
 */
export async function openUserSocket(options: OpenUserSocketOptions): Promise<UserSocket> {
  const { server, path, signal } = options;
  try {
    await refuseOccupied(path, signal);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    const user = await listenFor(options.uid ?? ownUnixUser().uid, options);
    return { path, user, [Symbol.asyncDispose]: () => close(server, path) };
  } catch (error) {
    server.close();
    if (isOpError(error) || isAbortOf(error, signal)) throw error;
    const advice = "Choose a directory of op-mcp's own; sockets for other users need root.";
    const problem = error instanceof Error ? error.message : String(error);
    throw new UserSocketError(path, problem, { advice, cause: error });
  }
}

/** Makes the socket out of everybody's reach, and moves it when its permissions are right. */
async function listenFor(
  uid: number,
  { server, path, signal }: OpenUserSocketOptions,
): Promise<UnixUser> {
  const nursery = await mkdtemp(join(dirname(path), ".s"));
  try {
    const made = join(nursery, "s");
    await listen(server, made, signal);
    await chmod(made, 0o600);
    if (uid !== ownUnixUser().uid) await chown(made, uid, ownUnixUser().groups[0] ?? 0);
    const user = await identifySocket(made, signal);
    if (user?.uid !== uid) throw new Error("its permissions are not what was asked for");
    await rename(made, path);
    return user;
  } finally {
    await rm(nursery, { recursive: true, force: true });
  }
}

function listen(server: Server, path: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function close(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  // Node would wait for every client; those are closed by whoever serves them.
  server.close();
}

/** A socket nobody listens on is a leftover; one that answers belongs to another op-mcp. */
async function refuseOccupied(path: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const stats = await lstat(path).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (stats === undefined) return;
  const advice = "End the other op-mcp, or choose another path.";
  if (!stats.isSocket()) throw new UserSocketError(path, "it is not a socket", { advice });
  if (!(await answers(path))) return;
  throw new UserSocketError(path, "somebody listens on it already", { advice });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => {
      if (isCode(error, "ENOENT") || isCode(error, "ECONNREFUSED")) resolve(false);
      else reject(error);
    });
  });
}
