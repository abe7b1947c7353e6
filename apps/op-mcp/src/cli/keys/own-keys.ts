import { join } from "node:path";
import { systemClock } from "op-core";
import { createApiKeys, type ApiKeys } from "../../auth/keys/api-keys.ts";
import { createFileKeyStore } from "../../auth/keys/file-key-store.ts";
import { resolveDirectories } from "../../config/directories.ts";
import type { CommandContext } from "../command.ts";

/** The keys of the configuration, as a running server reads them too. */
export async function openOwnKeys({ io, loadConfig }: CommandContext): Promise<ApiKeys> {
  const { config } = await loadConfig();
  const { state } = resolveDirectories(config.paths, io.env);
  const { keysPath } = config.auth;
  const path = keysPath === "" ? join(state, "api-keys.json") : keysPath;
  return createApiKeys({
    store: createFileKeyStore({ path, clock: systemClock }),
    clock: systemClock,
  });
}
