import { systemClock } from "op-core";
import { guardStdout } from "op-protocol";
import { loadConfig, type LoadConfigOptions } from "../config/load-config.ts";
import { createLogger } from "../logging/create-logger.ts";
import { serveStdio } from "../stdio/serve-stdio.ts";
import { followConfig } from "./follow-config.ts";
import { openSystem } from "./open-system.ts";

/** What the process's exit code says of why it left, by the custom of shells. */
const exitCodes = {
  "stdin-ended": 0,
  "parent-died": 0,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** Longer than this a plugin that does not let go is not waited for. */
const closeTimeoutMs = 1000;

/**
 * Serves MCP on stdin and stdout until the client leaves, and resolves to the exit code. The process is ended at the
 * latest a moment after that, since a plugin's timer would keep it alive with nobody to serve.
 */
export async function serveOnStdio(options: LoadConfigOptions): Promise<number> {
  const output = guardStdout();
  const loaded = await loadConfig(options);
  await using log = createLogger({
    config: loaded.config.log,
    stderr: process.stderr,
    clock: systemClock,
    hasColour: (options.env["NO_COLOR"] ?? "") === "",
  });
  const { logger } = log;
  for (const note of loaded.notes) logger.debug(note);
  await using system = await openSystem({ config: loaded.config, env: options.env, logger });
  await using _live = followConfig({ loaded, options, log });
  const reason = await serveStdio({ host: system.host, output, logger });
  const code = exitCodes[reason];
  logger.debug("leaving", { reason });
  systemClock.startTimer(closeTimeoutMs, () => process.exit(code)).unref();
  return code;
}
