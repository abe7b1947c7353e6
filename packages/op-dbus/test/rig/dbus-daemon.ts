import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a private bus is set up. */
export interface DbusDaemonOptions {
  /** Elements `<limit name="…">` of its configuration; the daemon's own defaults unless told. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Where it listens; a Unix socket in its own directory unless told. `DIR` stands for that directory. */
  readonly listen?: string;
  readonly auth?: readonly string[];
  /** Services it can start: file name to contents. */
  readonly services?: Readonly<Record<string, string>>;
  readonly allowAnonymous?: boolean;
  readonly home?: string;
}

/** A bus that belongs to one test. */
export interface DbusDaemon extends AsyncDisposable {
  /** Where clients connect to it; the same after a restart when it listens on a Unix socket. */
  readonly address: string;
  /** Its directory; gone when it is disposed. */
  readonly directory: string;
  /** Kills it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again after it was killed. */
  start(): Promise<void>;
}

class PrivateDaemon implements DbusDaemon {
  readonly directory: string;
  readonly #configFile: string;
  readonly #home: string | undefined;
  #process: ChildProcess | undefined;
  #address = "";

  constructor(directory: string, configFile: string, home: string | undefined) {
    this.directory = directory;
    this.#configFile = configFile;
    this.#home = home;
  }

  get address(): string {
    return this.#address;
  }

  async start(): Promise<void> {
    const child = spawn(
      "dbus-daemon",
      [`--config-file=${this.#configFile}`, "--nofork", "--nopidfile", "--print-address=1"],
      {
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, ...(this.#home === undefined ? {} : { HOME: this.#home }) },
      },
    );
    this.#process = child;
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    // The daemon adds its guid, which changes when it is started again.
    this.#address = line
      .toString()
      .trim()
      .replace(/,guid=[0-9a-f]+/, "");
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Starts a bus that nobody else uses. */
export async function openDbusDaemon(options: DbusDaemonOptions = {}): Promise<DbusDaemon> {
  const directory = await mkdtemp(join(tmpdir(), "op-dbus-"));
  const configFile = join(directory, "bus.conf");
  await writeFile(configFile, toConfig(directory, options));
  for (const [name, contents] of Object.entries(options.services ?? {})) {
    await writeFile(join(directory, name), contents);
  }
  const daemon = new PrivateDaemon(directory, configFile, options.home);
  await daemon.start();
  return daemon;
}

function toConfig(directory: string, options: DbusDaemonOptions): string {
  const { limits = {}, auth = [], listen = "unix:path=DIR/bus" } = options;
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>${listen.replaceAll("DIR", directory)}</listen>
  ${auth.map((name) => `<auth>${name}</auth>`).join("")}
  ${options.allowAnonymous === true ? "<allow_anonymous/>" : ""}
  <servicedir>${directory}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
  ${Object.entries(limits)
    .map(([name, value]) => `<limit name="${name}">${value}</limit>`)
    .join("")}
</busconfig>`;
}
