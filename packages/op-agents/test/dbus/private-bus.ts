import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A bus of our own. */
export async function openBus(): Promise<AsyncDisposable & { readonly address: string }> {
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [address] = await once(createInterface(daemon.stdout), "line");
  return {
    address: String(address),
    [Symbol.asyncDispose]: async () => {
      const exited = once(daemon, "exit");
      daemon.kill("SIGKILL");
      await exited;
    },
  };
}
