import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("sd-bus/echo.c", import.meta.url));

/** Why a service on libsystemd's client library cannot run here; undefined when it can. */
export const missingCompiler: string | undefined = findMissing();

function findMissing(): string | undefined {
  try {
    execFileSync("pkg-config", ["--exists", "libsystemd"], { stdio: "ignore" });
    execFileSync("gcc", ["--version"], { stdio: "ignore" });
    execFileSync("dbus-daemon", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "needs dbus-daemon, gcc, pkg-config and libsystemd-dev";
  }
}

/** Compiles a program against libsystemd and returns its path. */
export function compileAgainstLibsystemd(file: string, directory: string): string {
  const program = join(directory, "program");
  const flags = execFileSync("pkg-config", ["--cflags", "--libs", "libsystemd"]).toString().trim();
  execFileSync("gcc", ["-O2", "-o", program, file, ...flags.split(/\s+/)]);
  return program;
}

/** `test.Echo` on a bus: a service on libsystemd that answers any arguments with themselves. */
export interface EchoService extends AsyncDisposable {
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Starts the service; resolves when it has its name. */
export async function openEchoService(address: string): Promise<EchoService> {
  const directory = await mkdtemp(join(tmpdir(), "op-dbus-echo-"));
  const program = compileAgainstLibsystemd(source, directory);
  const child = spawn(program, {
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return {
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
