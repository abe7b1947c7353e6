import { pathToFileURL } from "node:url";
import { formatError } from "op-core";
import type { StatePlugin } from "op-state";
import { ExternalPluginError } from "./external-plugin-error.ts";

/** What a module of a plugin exports. */
type OpenPlugin = () => StatePlugin | Promise<StatePlugin>;

/** Imports a module and has it make its plugin. */
export async function openModule(name: string, path: string): Promise<StatePlugin> {
  const open = await importOpen(name, path);
  return await open();
}

async function importOpen(name: string, path: string): Promise<OpenPlugin> {
  let module: object;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new ExternalPluginError(name, formatError(error), error);
  }
  if (hasOpen(module)) return module.openStatePlugin;
  throw new ExternalPluginError(name, `${path} exports no function openStatePlugin.`);
}

function hasOpen(module: object): module is { readonly openStatePlugin: OpenPlugin } {
  return "openStatePlugin" in module && typeof module.openStatePlugin === "function";
}
