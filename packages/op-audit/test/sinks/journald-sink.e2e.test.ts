import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createJournaldSink } from "../../src/sinks/index.ts";
import { auditSinkContract, type SinkHarness } from "../../src/testing/index.ts";

const run = promisify(execFile);
const journald = "/lib/systemd/systemd-journald";

/** A real journald with a /run of its own, which is reached through /proc. */
const script = `
  mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal
  if ! [ -s /etc/machine-id ]; then
    echo 0123456789abcdef0123456789abcdef >/run/machine-id
    mount --bind /run/machine-id /etc/machine-id
  fi
  exec ${journald}`;

async function openJournald(): Promise<SinkHarness> {
  const child = spawn("unshare", ["--mount", "--propagation", "private", "sh", "-c", script], {
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  const socketPath = `/proc/${child.pid}/root/run/systemd/journal/stdout`;
  const journal = `/proc/${child.pid}/root/run/log/journal`;
  // Its socket shows that it is up; nothing else does.
  while (!existsSync(socketPath)) await new Promise((resolve) => void setImmediate(resolve));
  const sink = createJournaldSink({ socketPath });
  const stop = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  return {
    sink,
    received: async (count) => {
      for (;;) {
        const { stdout } = await run("journalctl", [
          "-D",
          journal,
          "-t",
          "op-audit",
          "-o",
          "json",
          "--no-pager",
        ]);
        const lines = stdout.split("\n").filter((line) => line !== "");
        if (lines.length >= count)
          return lines.map((line) => (JSON.parse(line) as { MESSAGE: string }).MESSAGE);
      }
    },
    break: stop,
    [Symbol.asyncDispose]: async () => {
      await sink[Symbol.asyncDispose]();
      await stop();
    },
  };
}

describe.skipIf(!existsSync(journald))("journald", () => {
  test.each(auditSinkContract(openJournald))(
    "$name",
    async ({ check }) => {
      await expect(check()).resolves.toBeUndefined();
    },
    20_000,
  );
});
