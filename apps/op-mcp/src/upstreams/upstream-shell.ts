import { hash } from "node:crypto";
import { statSync } from "node:fs";
import {
  abortable,
  canonicalJson,
  createEventBoard,
  createSingleFlight,
  isJsonObject,
  isOpError,
  startDeadline,
  type Clock,
  type Logger,
  type Timer,
} from "op-core";
import type { UpstreamStatus } from "op-aggregator";
import type { UpstreamSettings } from "op-aggregator/config";
import type { ServerProfile, SpawnedChild } from "op-protocol/client";
import type { ToolDescriptor } from "op-tools";
import { toPlainJson } from "../config/to-plain-json.ts";
import { ChildMeter } from "./child-meter.ts";
import type { OpenedUpstream } from "./open-upstream.ts";
import {
  readSavedUpstream,
  writeSavedUpstream,
  type OfferedLists,
  type SavedUpstream,
} from "./saved-upstream.ts";
import { UpstreamLife } from "./upstream-life.ts";

/** What opening the code of a server is given besides its configuration. */
export interface OpenContext {
  readonly known: ServerProfile | undefined;
  /** Told of every child that is started for it. */
  readonly onChild: (child: SpawnedChild) => void;
  readonly signal: AbortSignal;
}

/** What a shell takes. */
export interface UpstreamShellOptions {
  readonly name: string;
  readonly settings: UpstreamSettings;
  readonly open: (settings: UpstreamSettings, context: OpenContext) => Promise<OpenedUpstream>;
  readonly cacheDirectory: string;
  /** The definitions that were accepted, which other processes change too. */
  readonly pinsPath: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is told of a server to those who follow it. */
export type ShellEvent =
  | { readonly kind: "reset" }
  | { readonly kind: "resources-changed" | "prompts-changed" }
  | { readonly kind: "resource-updated"; readonly uri: string };

/** How a server stands. */
export interface ShellStatus {
  readonly name: string;
  readonly settings: UpstreamSettings;
  /** Absent before something of it was used. */
  readonly engine?: UpstreamStatus;
  readonly errors: NonNullable<SavedUpstream["errors"]>;
}

const nothing: OfferedLists = { resources: [], templates: [], prompts: [] };
/** How long somebody waits for the lists of a server that was never asked. */
const patienceMs = 2000;
/** A server that did not say what it has is not asked again before. */
const sulkMs = 30_000;
/** How long the lists of a server count that does not tell of changes. */
const recheckMs = 30_000;
const mostErrors = 5;
/** How often it is looked whether somebody accepted what is held back. */
const pinsCheckMs = 1000;

/** One server under its name: its lists are known from an earlier run, its code is loaded when it is used. */
export class UpstreamShell implements AsyncDisposable {
  readonly name: string;
  readonly events = createEventBoard<ShellEvent>();
  readonly children = new ChildMeter();
  readonly #options: UpstreamShellOptions;
  readonly #refreshing = createSingleFlight<"lists", OfferedLists>();
  readonly #background = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #life: UpstreamLife;
  #saved: Promise<SavedUpstream> | undefined;
  /** What the server said of itself when that was last compared with what is saved. */
  #kept: ServerProfile | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  /** Until then its lists need not be asked for while it is connected. */
  #freshUntilMs = -Infinity;
  #failedAtMs = -Infinity;
  #errors: SavedUpstream["errors"];
  #watching: Timer | undefined;

  constructor(options: UpstreamShellOptions) {
    this.name = options.name;
    this.#options = options;
    this.#life = this.#begin(options.settings);
  }

  get settings(): UpstreamSettings {
    return this.#life.settings;
  }

  /** Resolves when something used it as it is configured now; rejects when it was configured in another way before. */
  get whenOpened(): Promise<OpenedUpstream> {
    return this.#life.whenOpened;
  }

  get status(): ShellStatus {
    const engine = this.#life.opened?.sources.status;
    return {
      name: this.name,
      settings: this.settings,
      errors: this.#errors ?? [],
      ...(engine === undefined ? {} : { engine }),
    };
  }

  /** The tools that it said it has, as they are offered; none before it was asked. */
  get tools(): readonly ToolDescriptor[] {
    return this.#life.opened?.sources.offered ?? [];
  }

  /** What is known of what it offers besides tools. */
  async knownLists(): Promise<OfferedLists> {
    return (await this.#savedNow()).lists ?? nothing;
  }

  /** What the list of tools is made of; nothing of it can be read out of this. */
  get fingerprint(): string {
    const basis = [this.#options.version, toPlainJson(this.settings)];
    return hash("sha256", canonicalJson(basis));
  }

  /** Works with the server. It is opened, and started where the work needs it. */
  async use<T>(work: (opened: OpenedUpstream, life: UpstreamLife) => Promise<T>): Promise<T> {
    const life = this.#life;
    try {
      const done = await life.use((opened) => work(opened, life));
      this.#keepProfile(life);
      this.#watchPins(life);
      return done;
    } catch (error) {
      if (!life.ended.aborted) this.#note(error);
      throw error;
    }
  }

  /** What it offers besides tools, without starting it where that is known. */
  async lists(signal: AbortSignal): Promise<OfferedLists> {
    const { lists } = await this.#savedNow();
    const { clock } = this.#options;
    const isConnected = this.#life.opened?.sources.status.isConnected === true;
    if (lists !== undefined && (clock.monotonic() < this.#freshUntilMs || !isConnected))
      return lists;
    if (clock.monotonic() - this.#failedAtMs < sulkMs) return lists ?? nothing;
    const what = `Asking ${this.name} what it has`;
    using deadline = startDeadline({ what, ms: patienceMs, clock, signal });
    try {
      return await abortable(this.refresh(), deadline.signal);
    } catch {
      // It goes on: what comes of it is told as a change.
      signal.throwIfAborted();
      return lists ?? nothing;
    }
  }

  /** Asks the server what it has besides tools. */
  refresh(): Promise<OfferedLists> {
    const asked = this.#refreshing.run("lists", () => this.#ask());
    this.#inBackground(asked);
    return asked;
  }

  /** Puts another configuration in place of the one that is. Who works with the old one may finish. */
  swap(settings: UpstreamSettings): void {
    const old = this.#life;
    this.#saved = undefined;
    this.#kept = undefined;
    this.#freshUntilMs = -Infinity;
    this.#failedAtMs = -Infinity;
    this.#life = this.#begin(settings);
    this.#inBackground(old.retire());
    for (const kind of ["reset", "resources-changed", "prompts-changed"] as const)
      this.events.tell({ kind });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#watching?.[Symbol.dispose]();
    await this.#life[Symbol.asyncDispose]();
    await Promise.all(this.#background);
    await this.#writing;
  }

  #begin(settings: UpstreamSettings): UpstreamLife {
    const life = new UpstreamLife({
      settings,
      open: async (wanted, signal) => {
        const { profile } = await this.#savedNow();
        const onChild = (child: SpawnedChild): void => this.children.add(child);
        return await this.#options.open(wanted, { known: profile, onChild, signal });
      },
    });
    this.#inBackground(life.whenOpened.then((opened) => this.#follow(opened, life)));
    return life;
  }

  /** Until the life ends, or with it the sources. */
  async #follow({ sources }: OpenedUpstream, { ended }: UpstreamLife): Promise<void> {
    const signal = AbortSignal.any([ended, this.#closing.signal]);
    const resources = async (): Promise<void> => {
      for await (const change of sources.resources.changes?.({ signal }) ?? []) {
        if (change.kind === "resource-updated") this.events.tell(change);
        else this.#forgetLists("resources-changed");
      }
    };
    const prompts = async (): Promise<void> => {
      for await (const _change of sources.prompts.changes?.({ signal }) ?? [])
        this.#forgetLists("prompts-changed");
    };
    await Promise.all([resources(), prompts()]);
  }

  #forgetLists(kind: "resources-changed" | "prompts-changed"): void {
    this.#freshUntilMs = -Infinity;
    this.events.tell({ kind });
  }

  async #ask(): Promise<OfferedLists> {
    try {
      const lists = await this.use(({ sources: { resources, prompts } }, { ended: signal }) =>
        Promise.all([
          Array.fromAsync(resources.list({ signal })),
          Array.fromAsync(resources.templates?.({ signal }) ?? []),
          Array.fromAsync(prompts.list({ signal })),
        ]),
      );
      const [resources, templates, found] = lists;
      const offered = { resources, templates, prompts: found };
      await this.#keepLists(offered);
      return offered;
    } catch (error) {
      this.#failedAtMs = this.#options.clock.monotonic();
      throw error;
    }
  }

  async #keepLists(lists: OfferedLists): Promise<void> {
    const before = (await this.#savedNow()).lists;
    const profile = this.#life.opened?.sources.profile;
    this.#freshUntilMs = tellsOfChanges(profile)
      ? Infinity
      : this.#options.clock.monotonic() + recheckMs;
    if (before !== undefined && isSame(before, lists)) return;
    await this.#save({ lists });
    if (before === undefined || !isSame(before.prompts, lists.prompts))
      this.events.tell({ kind: "prompts-changed" });
    if (before === undefined || !isSame(before.resources, lists.resources))
      this.events.tell({ kind: "resources-changed" });
  }

  /** What is held back is looked for again when somebody accepted something. */
  #watchPins(life: UpstreamLife): void {
    const { clock, pinsPath } = this.#options;
    const sources = life.opened?.sources;
    if (this.#watching !== undefined || life.ended.aborted) return;
    if (sources === undefined || sources.held.length === 0) return;
    const before = stampOf(pinsPath);
    this.#watching = clock.startTimer(pinsCheckMs, () => {
      this.#watching = undefined;
      if (stampOf(pinsPath) !== before && !life.ended.aborted) sources.refresh();
      this.#watchPins(life);
    });
    this.#watching.unref();
  }

  #keepProfile(life: UpstreamLife): void {
    const profile = life.opened?.sources.profile;
    if (profile === undefined || profile === this.#kept || life.ended.aborted) return;
    this.#kept = profile;
    const keep = async (): Promise<void> => {
      const saved = await this.#savedNow();
      if (saved.profile === undefined || !isSame(saved.profile, profile))
        await this.#save({ profile });
    };
    this.#inBackground(keep());
  }

  #note(error: unknown): void {
    if (!isOpError(error) || !error.code.startsWith("ERR_UPSTREAM")) return;
    const at = new Date(this.#options.clock.now()).toISOString();
    const errors = [{ at, message: error.message }, ...(this.#errors ?? [])].slice(0, mostErrors);
    this.#errors = errors;
    this.#inBackground(this.#save({ errors }));
  }

  /** What is known of the server as it is configured now. */
  #savedNow(): Promise<SavedUpstream> {
    const read = async (): Promise<SavedUpstream> => {
      const { fingerprint } = this;
      const saved = await readSavedUpstream(this.#options.cacheDirectory, this.name);
      this.#errors ??= saved?.errors;
      return saved?.fingerprint === fingerprint ? saved : { fingerprint };
    };
    return (this.#saved ??= read());
  }

  async #save(more: Partial<SavedUpstream>): Promise<void> {
    const saved = { ...(await this.#savedNow()), ...more };
    this.#saved = Promise.resolve(saved);
    const { cacheDirectory, logger } = this.#options;
    const write = (): Promise<void> => writeSavedUpstream(cacheDirectory, this.name, saved);
    this.#writing = this.#writing.then(write).catch((error: unknown) => {
      logger.warn("what is known of a server cannot be kept", { upstream: this.name, error });
    });
    await this.#writing;
  }

  /** Whoever began it may not wait for it; that it failed is known to who does. */
  #inBackground(work: Promise<unknown>): void {
    const quiet = work.then(
      () => undefined,
      () => undefined,
    );
    this.#background.add(quiet);
    void quiet.then(() => this.#background.delete(quiet));
  }
}

/** Whether a server says of each list that it has besides tools that it tells of changes. */
function tellsOfChanges(profile: ServerProfile | undefined): boolean {
  return ["resources", "prompts"].every((kind) => {
    const capability = profile?.capabilities[kind];
    return !isJsonObject(capability) || capability["listChanged"] === true;
  });
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino} ${stats.mtimeMs}`;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
