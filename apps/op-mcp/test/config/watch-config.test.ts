import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { type LogFields, type Logger, silentLogger, systemClock } from "op-core";
import { describe, expect, test } from "vitest";
import { configPlaces } from "../../src/config/config-files.ts";
import { type ConfigChange, type ConfigWatch, watchConfig } from "../../src/config/watch-config.ts";
import { ConfigFolder } from "./config-folder.ts";

/** Watches a folder and hands out what happens, one event after the other. */
class Watching implements AsyncDisposable {
  readonly #events: string[] = [];
  readonly #watch: ConfigWatch;
  #wake = (): void => undefined;
  latest: ConfigChange | undefined;

  private constructor(watch: (tell: Watching) => ConfigWatch) {
    this.#watch = watch(this);
  }

  static async open(folder: ConfigFolder): Promise<Watching> {
    const initial = await folder.load();
    const candidates = configPlaces(folder.options).flatMap((place) => place.candidates);
    return new Watching((tell) =>
      watchConfig({
        initial,
        candidates,
        load: () => folder.load(),
        onChanged: (change) => {
          tell.latest = change;
          tell.#push(`changed ${change.changed.join(",")}`);
        },
        clock: systemClock,
        logger: tell.logger,
        quietMs: 5,
      }),
    );
  }

  get logger(): Logger {
    const told = (level: string) => (message: string, fields?: LogFields) => {
      this.#push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
    return { ...silentLogger, warn: told("warn"), error: told("error") };
  }

  reload(): Promise<void> {
    return this.#watch.reload();
  }

  async next(): Promise<string> {
    while (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#events.shift() ?? "";
  }

  get pending(): readonly string[] {
    return this.#events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
  }

  #push(event: string): void {
    this.#events.push(event);
    this.#wake();
  }
}

describe("watchConfig", () => {
  test("a saved file takes effect for the live keys", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", { log: { level: "info" } });
    await using watching = await Watching.open(folder);
    folder.write("etc/config.json", { log: { level: "debug" } });
    expect(await watching.next()).toBe("changed log.level");
    expect(watching.latest?.config.log.level).toBe("debug");
  });

  test("survives an atomic replacement, again and again", async () => {
    using folder = new ConfigFolder();
    const file = folder.write("etc/config.json", {});
    await using watching = await Watching.open(folder);
    for (const level of ["debug", "warn", "error"]) {
      writeFileSync(`${file}.new`, JSON.stringify({ log: { level } }));
      renameSync(`${file}.new`, file);
      expect(await watching.next()).toBe("changed log.level");
      expect(watching.latest?.config.log.level).toBe(level);
    }
  });

  test("notices a file in a directory that did not exist", async () => {
    using folder = new ConfigFolder();
    mkdirSync(folder.path("project"));
    await using watching = await Watching.open(folder);
    folder.write("project/.op-mcp/config.yaml", "log: { level: debug }\n");
    expect(await watching.next()).toBe("changed log.level");
  });

  test("a broken file keeps the old configuration and is named", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", { log: { level: "warn" } });
    await using watching = await Watching.open(folder);
    folder.write("etc/config.json", { log: { levle: "debug" } });
    expect(await watching.next()).toMatch(/^error .*the old one stays.*Did you mean log\.level/);
    expect(watching.latest).toBeUndefined();
  });

  test("a key that needs a restart is named once and stays as it was", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", {});
    await using watching = await Watching.open(folder);
    folder.write("etc/config.json", { log: { maxFiles: 3, level: "debug" } });
    expect(await watching.next()).toMatch(/^warn .*restart.*log\.maxFiles/);
    expect(await watching.next()).toBe("changed log.level");
    expect(watching.latest?.config.log).toMatchObject({ maxFiles: 7, level: "debug" });
    await watching.reload();
    expect(watching.pending).toEqual([]);
    folder.write("etc/config.json", { log: { maxFiles: 3, level: "warn" } });
    expect(await watching.next()).toBe("changed log.level");
    expect(watching.latest?.config.log).toMatchObject({ maxFiles: 7, level: "warn" });
  });

  test("a change that only spells the same in another way is none", async () => {
    using folder = new ConfigFolder();
    const one = { command: "one", args: ["a"] };
    folder.write("etc/config.json", { upstreams: { servers: { one, two: { command: "two" } } } });
    await using watching = await Watching.open(folder);
    const [args, command] = [["a"], "one"];
    folder.write("etc/config.json", {
      upstreams: { servers: { two: { command: "two" }, one: { args, command } } },
    });
    await watching.reload();
    expect(watching.pending).toEqual([]);
  });

  test("others have their turn between reading a change and putting it into force", async () => {
    using folder = new ConfigFolder();
    folder.write("etc/config.json", { log: { level: "info" } });
    const turns: string[] = [];
    await using watch = watchConfig({
      initial: await folder.load(),
      candidates: [],
      load: async () => {
        const loaded = await folder.load();
        setImmediate(() => turns.push("another"));
        return loaded;
      },
      onChanged: () => turns.push("changed"),
      clock: systemClock,
      logger: silentLogger,
    });
    folder.write("etc/config.json", { log: { level: "debug" } });
    await watch.reload();
    expect(turns).toEqual(["another", "changed"]);
  });

  test("is silent after it was disposed, twice", async () => {
    using folder = new ConfigFolder();
    const watching = await Watching.open(folder);
    await watching[Symbol.asyncDispose]();
    await watching[Symbol.asyncDispose]();
    folder.write("etc/config.json", { log: { level: "debug" } });
    await watching.reload();
    expect(watching.pending).toEqual([]);
  });
});
