import { formatError } from "op-core";
import type { StatePlugin } from "op-state";
import type { StateSettings } from "../state-settings.ts";
import {
  checkName,
  openExternalPlugin,
  type ExternalPlugin,
  type ExternalPluginParts,
} from "./open-external-plugin.ts";

/** What all configured plugins of others are opened with. */
export interface OpenExternalPluginsOptions extends ExternalPluginParts {
  readonly config: Pick<StateSettings, "external">;
  /** Names that plugins of others cannot have. */
  readonly taken: readonly string[];
}

/** The plugins of others that could be opened. */
export interface ExternalPlugins extends AsyncDisposable {
  readonly plugins: readonly StatePlugin[];
}

/** Whether a plugin is a service of the bus. */
export function hasServices({ external }: Pick<StateSettings, "external">): boolean {
  return Object.values(external).some(({ kind }) => kind === "service");
}

/** Opens every configured plugin of others; one that fails is told in the log and hurts nobody else. */
export async function openExternalPlugins(
  options: OpenExternalPluginsOptions,
): Promise<ExternalPlugins> {
  const { config, taken, logger } = options;
  await using stack = new AsyncDisposableStack();
  const opening = Object.entries(config.external).map(async ([name, where]) => {
    try {
      const opened = stack.use(await openExternalPlugin(name, where, options));
      checkName(opened.plugin, name, taken);
      return [opened];
    } catch (error) {
      logger.warn("a state plugin cannot be used", { plugin: name, error: formatError(error) });
      return [];
    }
  });
  const opened: readonly ExternalPlugin[] = (await Promise.all(opening)).flat();
  const rest = stack.move();
  return {
    plugins: opened.map(({ plugin }) => plugin),
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}
