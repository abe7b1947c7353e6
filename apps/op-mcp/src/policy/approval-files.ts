import { hash, randomUUID } from "node:crypto";
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ApprovalStoreError } from "./approval-error.ts";
import { parseApproval, parsePendingApproval } from "./approval-record.ts";
import type { Approval, ApprovalStore, PendingApproval } from "./approval-store.ts";

/** A file that somebody was about to put into place, or has taken out; a crash may leave it behind. */
const staleAfterMs = 60_000;

const wasRemoved = "it was removed meanwhile";

/**
 * Makes a store in a directory, which is made when something is first kept. Each record is a file that only its owner may
 * read; it appears all at once, and is taken out by renaming it, which of several processes only one can do.
 */
export function createApprovalFiles(directory: string): ApprovalStore {
  return new ApprovalFiles(directory);
}

class ApprovalFiles implements ApprovalStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  add(pending: PendingApproval): void {
    this.#put(pendingName(pending.codeDigest), pending);
  }

  pending(nowMs: number): readonly PendingApproval[] {
    return this.#names("pending-")
      .map((name) => parsePendingApproval(this.#read(name)))
      .filter((one) => one !== undefined)
      .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .toSorted((one, other) => one.requestedAtMs - other.requestedAtMs);
  }

  find(codeDigest: string, nowMs: number): PendingApproval | undefined {
    return unexpired(parsePendingApproval(this.#read(pendingName(codeDigest))), nowMs);
  }

  claim(codeDigest: string, nowMs: number): PendingApproval | undefined {
    return unexpired(parsePendingApproval(this.#takeOut(pendingName(codeDigest))), nowMs);
  }

  approve(approval: Approval): void {
    this.#put(approvedName(approval), approval);
  }

  take(call: Pick<Approval, "callDigest" | "principalId">, nowMs: number): Approval | undefined {
    return unexpired(parseApproval(this.#takeOut(approvedName(call))), nowMs);
  }

  noteFailure(by: string, atMs: number): void {
    this.#prepare();
    this.#attempt(() => appendFileSync(this.#path(failuresName(by)), `${atMs}\n`, { mode: 0o600 }));
  }

  failuresSince(by: string, sinceMs: number): number {
    return toTimes(this.#read(failuresName(by))).filter((atMs) => atMs >= sinceMs).length;
  }

  prune(nowMs: number, failuresBeforeMs: number): void {
    const isOver = (text: string | undefined): boolean => {
      const record = parsePendingApproval(text) ?? parseApproval(text);
      return record === undefined || record.expiresAtMs <= nowMs;
    };
    const isOld = (name: string): boolean => nowMs - this.#changedAtMs(name) > staleAfterMs;
    const useless = [
      ...this.#names("pending-").filter((name) => isOver(this.#read(name))),
      ...this.#names("approved-").filter((name) => isOver(this.#read(name))),
      ...this.#names("failures-").filter((name) =>
        toTimes(this.#read(name)).every((atMs) => atMs < failuresBeforeMs),
      ),
      ...this.#names("moving-").filter(isOld),
    ];
    for (const name of useless) this.#attempt(() => rmSync(this.#path(name), { force: true }));
  }

  #put(name: string, record: PendingApproval | Approval): void {
    this.#prepare();
    const moving = this.#path(movingName());
    const isKept = this.#attempt(() => {
      writeFileSync(moving, JSON.stringify(record), { flag: "wx", mode: 0o600 });
      renameSync(moving, this.#path(name));
      return true;
    });
    if (isKept === undefined) throw new ApprovalStoreError(this.#directory, wasRemoved);
  }

  #read(name: string): string | undefined {
    if (!this.#isThere()) return undefined;
    return this.#attempt(() => readFileSync(this.#path(name), "utf8"));
  }

  /** The file's text, for the one that takes it out. */
  #takeOut(name: string): string | undefined {
    if (!this.#isThere()) return undefined;
    const moving = this.#path(movingName());
    return this.#attempt(() => {
      renameSync(this.#path(name), moving);
      const text = readFileSync(moving, "utf8");
      rmSync(moving);
      return text;
    });
  }

  #names(prefix: string): readonly string[] {
    if (!this.#isThere()) return [];
    const names = this.#attempt(() => readdirSync(this.#directory)) ?? [];
    return names.filter((name) => name.startsWith(prefix));
  }

  #changedAtMs(name: string): number {
    return this.#attempt(() => lstatSync(this.#path(name)).mtimeMs) ?? 0;
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #prepare(): void {
    this.#attempt(() => mkdirSync(this.#directory, { recursive: true, mode: 0o700 }));
    if (!this.#isThere()) throw new ApprovalStoreError(this.#directory, wasRemoved);
  }

  /** Whether there is a directory. One into which others may write would let them approve. */
  #isThere(): boolean {
    const stats = this.#attempt(() => lstatSync(this.#directory));
    if (stats === undefined) return false;
    if (!stats.isDirectory()) throw new ApprovalStoreError(this.#directory, "it is no directory");
    if (stats.uid !== process.geteuid?.()) {
      throw new ApprovalStoreError(
        this.#directory,
        `it belongs to the user ${stats.uid}, who alone may approve there`,
      );
    }
    if ((stats.mode & 0o077) !== 0) {
      throw new ApprovalStoreError(this.#directory, "other users may enter it");
    }
    return true;
  }

  /** What is not there is nothing; all else is told. */
  #attempt<T>(access: () => T): T | undefined {
    try {
      return access();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT") return undefined;
      throw new ApprovalStoreError(this.#directory, `it failed with ${String(code)}`, error);
    }
  }
}

function pendingName(codeDigest: string): string {
  return `pending-${hash("sha256", codeDigest)}`;
}

function approvedName({ callDigest, principalId }: Pick<Approval, "callDigest" | "principalId">) {
  return `approved-${hash("sha256", JSON.stringify([callDigest, principalId]))}`;
}

function failuresName(by: string): string {
  return `failures-${hash("sha256", by)}`;
}

function movingName(): string {
  return `moving-${randomUUID()}`;
}

function toTimes(lines: string | undefined): readonly number[] {
  return (lines ?? "").split("\n").filter(Boolean).map(Number);
}

function unexpired<Kept extends { readonly expiresAtMs: number }>(
  kept: Kept | undefined,
  nowMs: number,
): Kept | undefined {
  return kept !== undefined && kept.expiresAtMs > nowMs ? kept : undefined;
}
