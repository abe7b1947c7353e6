import { abortable, startDeadline, type Clock, type Logger } from "op-core";
import type { BusConnection } from "op-dbus";
import type { StatePlugin } from "op-state";
import { openRemotePlugin, requiredOperations, type RemotePlugin } from "op-state/remote";
import type { Environment } from "../../config/environment.ts";
import type { LazyProcesses } from "../../processes/lazy-processes.ts";
import { openExecutablePort, type ExecutablePortOptions } from "./executable-port.ts";
import type { ExternalPluginConfig } from "./external-plugin-config.ts";
import { ExternalPluginError } from "./external-plugin-error.ts";
import { openModule } from "./open-module.ts";
import { createServicePort } from "./service-port.ts";

/** What plugins of others are opened with. */
export interface ExternalPluginParts {
  /** The system's bus; without it services are not to be had. */
  readonly bus: BusConnection | undefined;
  readonly processes: LazyProcesses;
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A plugin of somebody else, open. */
export interface ExternalPlugin extends RemotePlugin, AsyncDisposable {}

/** A program that does not answer this long is none. */
const mostMs = 10_000;

/** Opens a plugin, whatever it calls itself. Rejects where it does not say in time what it is. */
export async function openExternalPlugin(
  name: string,
  config: ExternalPluginConfig,
  parts: ExternalPluginParts,
): Promise<ExternalPlugin> {
  using deadline = startDeadline({
    what: `Opening the state plugin ${name}`,
    ms: mostMs,
    clock: parts.clock,
  });
  const { signal } = deadline;
  return await abortable(openByKind(name, config, { ...parts, signal }), signal);
}

interface OpeningParts extends ExternalPluginParts {
  readonly signal: AbortSignal;
}

async function openByKind(
  name: string,
  { kind, target }: ExternalPluginConfig,
  parts: OpeningParts,
): Promise<ExternalPlugin> {
  const { bus, signal } = parts;
  const [only = ""] = target;
  if (kind === "module")
    return withoutEnd({ plugin: await openModule(name, only), optional: [], examples: [] });
  if (kind === "service") {
    if (bus === undefined) throw new ExternalPluginError(name, "there is no system bus.");
    return withoutEnd(await openRemotePlugin(createServicePort(bus, only), { signal }));
  }
  const options = { ...parts, name, command: target };
  await using first = await openExecutable({ ...options, operations: requiredOperations });
  // What else it must serve is known only now.
  return await openExecutable({
    ...options,
    operations: [...requiredOperations, ...first.optional],
  });
}

async function openExecutable(options: ExecutablePortOptions): Promise<ExternalPlugin> {
  await using stack = new AsyncDisposableStack();
  const port = stack.use(await openExecutablePort(options));
  const opened = await openRemotePlugin(port, options);
  const rest = stack.move();
  return { ...opened, [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose]() };
}

function withoutEnd(opened: RemotePlugin): ExternalPlugin {
  return { ...opened, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Throws unless a plugin is called what it is configured as, and nobody else is. */
export function checkName(plugin: StatePlugin, name: string, taken: readonly string[]): void {
  if (plugin.name !== name) {
    throw new ExternalPluginError(name, `it calls itself ${JSON.stringify(plugin.name)}.`);
  }
  if (taken.includes(name)) {
    throw new ExternalPluginError(name, "a plugin that comes with op-mcp has its name.");
  }
}
