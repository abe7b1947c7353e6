import { spawn } from "node:child_process";
import { once } from "node:events";

/** A bus that nobody else uses. */
export async function openPrivateBus(): Promise<{ readonly address: string } & Disposable> {
  const daemon = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"]);
  const [line] = await once(daemon.stdout, "data");
  return { address: String(line).trim(), [Symbol.dispose]: () => void daemon.kill() };
}
