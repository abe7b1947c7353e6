import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(`systemd/${name}`, import.meta.url));

/** Why no systemd can be booted here; undefined when one can. */
export const missingSystemd: string | undefined = findMissing();

function findMissing(): string | undefined {
  if (process.geteuid?.() !== 0) return "needs root";
  const programs = ["/usr/bin/systemd-nspawn", "/usr/bin/busctl", "/usr/bin/dbus-daemon"];
  return programs.every((program) => existsSync(program))
    ? undefined
    : "needs systemd-container, systemd and dbus";
}

/** A real systemd with its system bus, booted from a copy of this machine's own files. */
export interface BootedSystemd extends AsyncDisposable {
  readonly address: string;
  /** What to put before a command so that it runs on that machine, as its root. */
  readonly enter: readonly [string, ...string[]];
}

/** How a systemd is booted. */
export interface BootOptions {
  /** Folders of this machine that are seen there at the same place, read-only, although `/tmp` is that machine's own. */
  readonly shown?: readonly string[];
}

/** Boots systemd in namespaces of its own; resolves when it says that it runs. */
export async function openBootedSystemd({ shown = [] }: BootOptions = {}): Promise<BootedSystemd> {
  const directory = await mkdtemp(join(tmpdir(), "op-dbus-systemd-"));
  const binds = shown.map((path) => `--bind-ro=${path}:${path}`).join(" ");
  const child = spawn("bash", [script("up.sh"), "/", directory], {
    env: { ...process.env, NSPAWN_EXTRA: binds },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("exit", (code) =>
    code === 0 ? resolve() : reject(new Error(`systemd did not boot: exit ${code}`)),
  );
  await promise;
  const init = (await readFile(join(directory, "init.pid"), "utf8")).trim();
  return {
    enter: ["nsenter", "-t", init, "-a", "--"],
    address: `unix:path=${directory}/bus/system_bus_socket`,
    [Symbol.asyncDispose]: async () => {
      await run("bash", [script("down.sh"), directory]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
