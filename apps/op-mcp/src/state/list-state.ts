import { openBusConnection } from "op-dbus";
import { createStateSource } from "op-state/tools";
import type { KnownList } from "../lazy/known-lists.ts";
import { createBuiltInPlugins } from "./built-in-plugins.ts";
import { needsBus, possiblePluginNames } from "./plugin-names.ts";
import { stateFingerprint } from "./state-fingerprint.ts";
import type { StateSettings } from "./state-settings.ts";

/** Whoever lists connects to nothing. */
const noBus = "unix:path=/nonexistent";

function notOpened(): Promise<never> {
  return Promise.reject(new TypeError("declared state was used that is only listed"));
}

/** What declared state of this configuration lists, on machines of every kind. */
export async function listState(config: StateSettings): Promise<readonly KnownList[]> {
  const { signal } = new AbortController();
  const names = [...new Set(config.plugins)];
  const plain = names.filter((name) => !needsBus(name));
  await using bus = await openBusConnection({ address: noBus, isPatient: true });
  return await Promise.all(
    [names, plain].flatMap(possiblePluginNames).map(async (some) => {
      const plugins = createBuiltInPlugins(some, { config, bus });
      await using source = createStateSource({ plugins, engine: notOpened });
      const fingerprint = stateFingerprint(some, config);
      return { fingerprint, tools: await Array.fromAsync(source.tools.list({ signal })) };
    }),
  );
}
