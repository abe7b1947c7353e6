import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock, Logger } from "op-core";
import type { AuditSink } from "op-audit";
import {
  AuditLockedError,
  openAuditKey,
  openAuditLog,
  type AuditKey,
  type AuditLog,
} from "op-audit/writer";
import { auditKeyName, placeOf, type AuditPlaces } from "./audit-places.ts";
import { AuditCrowdedError, AuditDestinationError } from "./audit-settings-error.ts";
import type { AuditSettings } from "./audit-settings.ts";

/** What opening the log takes. */
export interface OpenLogOptions {
  readonly settings: AuditSettings;
  readonly places: AuditPlaces;
  readonly clock: Clock;
  readonly logger: Logger;
}

const mostLogs = 100;

/** The name of a log in its checkpoints. */
function originOf(logName: string): string {
  return `${auditKeyName()}/${logName}`;
}

/** Opens the first log that nobody else is writing, or one in memory where that is configured. */
export async function openLog(options: OpenLogOptions): Promise<AuditLog> {
  const { settings, places, clock } = options;
  const { maxMemoryEntries: maxEntries, maxArgumentsBytes } = settings;
  if (!settings.isPersistent) {
    // It reads its entries by the schema, which writing to the disk does not need.
    const { createMemoryAuditLog } = await import("./memory-log.ts");
    return createMemoryAuditLog({ clock, maxEntries, maxArgumentsBytes });
  }
  await mkdir(dirname(places.keyPath), { recursive: true, mode: 0o700 });
  const key = await openAuditKey({ path: places.keyPath, name: auditKeyName() });
  for (let number = 1; number <= mostLogs; number += 1) {
    const log = await tryLog(number, key, options);
    if (log !== undefined) return log;
  }
  throw new AuditCrowdedError(places.root, mostLogs);
}

async function tryLog(
  number: number,
  key: AuditKey,
  { settings, places, clock, logger }: OpenLogOptions,
): Promise<AuditLog | undefined> {
  const { name, directory } = placeOf(places.root, number);
  await using opened = new AsyncDisposableStack();
  const open = await openerOf(settings);
  const openAll = (names: readonly string[]) => names.map((each) => opened.use(open(each)));
  try {
    const log = await openAuditLog({
      ...settings,
      directory,
      key,
      origin: originOf(name),
      sinks: openAll(settings.sinks),
      witnesses: openAll(settings.witnesses),
      // What is refused is decided call by call.
      whenUnavailable: "refuse",
      clock,
      logger,
    });
    opened.move();
    return log;
  } catch (error) {
    if (error instanceof AuditLockedError) return undefined;
    throw error;
  }
}

/** Most logs have no destinations besides, and then their code is not needed. */
async function openerOf({ sinks, witnesses }: AuditSettings): Promise<(name: string) => AuditSink> {
  if (sinks.length + witnesses.length === 0) return unknownDestination;
  return (await import("./audit-destination.ts")).openDestination;
}

function unknownDestination(name: string): never {
  throw new AuditDestinationError(name);
}
