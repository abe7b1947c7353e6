import { systemClock } from "op-core";
import { guardStdout } from "op-protocol";
import { loadConfig, type LoadConfigOptions } from "../config/load-config.ts";
import { openTelemetry } from "../telemetry/open-telemetry.ts";
import { createLogger } from "../logging/create-logger.ts";
import { boundYoungHeap } from "./bound-young-heap.ts";
import { serveStdio } from "./serve-stdio.ts";
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

/**
 * Serves MCP on stdin and stdout until the client leaves, and resolves to the exit code when everything is closed. Whoever
 * has guarded stdout already passes it on.
 */
export async function serveOnStdio(
  options: LoadConfigOptions,
  output: NodeJS.WriteStream = guardStdout(),
): Promise<number> {
  const loaded = await loadConfig(options);
  await using log = createLogger({
    config: loaded.config.log,
    stderr: process.stderr,
    clock: systemClock,
    hasColour: (options.env["NO_COLOR"] ?? "") === "",
  });
  const { logger } = log;
  const { config } = loaded;
  await using telemetry = await openTelemetry({
    config: config.telemetry,
    env: options.env,
    clock: systemClock,
    logger,
  });
  const { tracer } = telemetry;
  const measured =
    telemetry.report === undefined
      ? undefined
      : (await import("./measure.ts")).measure(systemClock);
  await using system = await openSystem({
    config,
    env: options.env,
    logger,
    serves: ["stdio"],
    middleware: measured === undefined ? [] : [measured.middleware],
    isTraced: tracer !== undefined,
  });
  const metrics = measured?.metricsOf(system) ?? [];
  telemetry.report?.(() => metrics);
  await using _live = followConfig({ loaded, options, log, system });
  using _heap = boundYoungHeap();
  const reason = await serveStdio({ host: system.host, output, logger, tracer });
  logger.debug("leaving", { reason });
  return exitCodes[reason];
}
