import { realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, resolve, sep } from "node:path";
import { silentLogger, systemClock, type Clock, type Logger } from "op-core";
import type { AuditConfig } from "../audit-config.ts";
import { AuditKeyError, AuditUnavailableError } from "../audit-error.ts";
import type { AuditKey } from "../checkpoints/audit-key.ts";
import { openCheckpointFile } from "../checkpoints/checkpoint-file.ts";
import type { AppendFile, AuditFiles } from "../files/audit-files.ts";
import { nodeFiles } from "../files/node-files.ts";
import { openSnapshotStore } from "../snapshots/open-snapshot-store.ts";
import { SnapshotKeeper } from "../snapshots/snapshot-keeper.ts";
import type { NoSnapshots, SnapshotStore } from "../snapshots/snapshot-store.ts";
import type { AuditSink } from "../sinks/audit-sink.ts";
import { defaultSettings } from "./default-settings.ts";
import { DiskAuditLog } from "./disk-audit-log.ts";
import type { FileAuditLog } from "./audit-log.ts";
import { recoverLog } from "./recover.ts";
import { acquireWriterLock } from "./writer-lock.ts";

/** What opening a log takes; what is left out is as {@link AuditConfig} says. */
export interface OpenAuditLogOptions extends Partial<
  Omit<AuditConfig, "path" | "isPersistent" | "maxMemoryEntries">
> {
  /** Where the log lies; made if it is not there. */
  readonly directory: string;
  /** Signs the checkpoints. Without it changes are found, but not that somebody wrote the whole log anew. */
  readonly key?: AuditKey;
  /** The name of the log in checkpoints; the machine's name and `/audit` unless told. */
  readonly origin?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Where every entry goes besides. */
  readonly sinks?: readonly AuditSink[];
  /** Where every checkpoint goes besides, out of reach of whoever can change the log. */
  readonly witnesses?: readonly AuditSink[];
  /** How the disk is reached. */
  readonly files?: AuditFiles;
  readonly signal?: AbortSignal;
}

/**
 * Opens a log for writing and repairs what a crash left: an unfinished write is cut off, a damaged segment is kept and a
 * new one begun, and the log says so in an entry. Dispose it to close it.
 *
 * Throws `ERR_AUDIT_LOCKED` when it has another writer, `ERR_AUDIT_UNAVAILABLE` when the directory cannot be written,
 * `ERR_AUDIT_KEY` when the key lies inside it.
 */
export async function openAuditLog(options: OpenAuditLogOptions): Promise<FileAuditLog> {
  const directory = resolve(options.directory);
  const files = options.files ?? nodeFiles;
  options.signal?.throwIfAborted();
  const settings = settingsOf(options);
  // First, since only it knows how to make a directory of which there can be snapshots.
  const store: SnapshotStore | NoSnapshots =
    settings.snapshots === "off"
      ? { kind: "none", reason: "They are turned off." }
      : await openSnapshotStore(directory);
  await makeDirectory(files, directory);
  if (options.key !== undefined) await refuseKeyInside(options.key, directory);
  await using opened = new AsyncDisposableStack();
  const lock = opened.use(acquireWriterLock(directory));
  try {
    const log = await openLocked(
      { ...options, directory, files },
      { settings, store, lock },
      opened,
    );
    // The log closes all of it from now on.
    opened.move();
    return log;
  } catch (error) {
    if (error instanceof Error && "errno" in error)
      throw new AuditUnavailableError(directory, error);
    throw error;
  }
}

async function makeDirectory(files: AuditFiles, directory: string): Promise<void> {
  try {
    await files.makeDirectory(directory);
  } catch (error) {
    throw new AuditUnavailableError(directory, error);
  }
}

interface Prepared {
  readonly settings: AuditConfig;
  readonly store: SnapshotStore | NoSnapshots;
  readonly lock: Disposable;
}

async function openLocked(
  options: OpenAuditLogOptions & { readonly files: AuditFiles },
  { settings, store, lock }: Prepared,
  opened: AsyncDisposableStack,
): Promise<FileAuditLog> {
  const { directory, files, clock = systemClock, logger = silentLogger, key } = options;
  const { origin = `${hostname()}/audit`, sinks = [], witnesses = [] } = options;
  const recovered = await recoverLog({ directory, origin, files, clock });
  opened.defer(async () => await recovered.active.file.close());
  let checkpointFile: AppendFile | undefined;
  if (key !== undefined) {
    checkpointFile = await openCheckpointFile(directory, files);
    opened.defer(async () => await checkpointFile?.close());
  }
  // Sinks get entries that were read by the schema; without any, nothing loads it.
  const toMessage =
    sinks.length === 0 ? undefined : (await import("../sinks/entry-message.ts")).entryMessage;
  const places = { directory, origin, files, clock, logger, sinks, toMessage, witnesses };
  const snapshots = new SnapshotKeeper({ directory, store, keep: settings.keepSnapshots, logger });
  snapshots.start();
  const parts = { settings, key, checkpointFile, recovered, lock, snapshots };
  const log = new DiskAuditLog({ ...places, ...parts });
  await log.start();
  return log;
}

function settingsOf(options: OpenAuditLogOptions): AuditConfig {
  const names = new Set(Object.keys(defaultSettings));
  const told = Object.entries(options).filter(
    ([name, value]) => names.has(name) && value !== undefined,
  );
  return { ...defaultSettings, ...Object.fromEntries(told) };
}

/** Whoever can write the log could sign what they wrote. */
async function refuseKeyInside(key: AuditKey, directory: string): Promise<void> {
  if (key.path === undefined) return;
  const keyDirectory = await realpath(dirname(key.path));
  const logDirectory = await realpath(directory);
  if (keyDirectory === logDirectory || keyDirectory.startsWith(logDirectory + sep)) {
    const advice = "Keep it where those who can change the log cannot read it.";
    throw new AuditKeyError(key.path, "it lies inside the log's directory.", { advice });
  }
}
