import { join } from "node:path";
import { builtinDescriptors } from "op-tools";
import { findErrorClasses, loadModule } from "./find-error-classes.ts";
import { renderErrors } from "./render-errors.ts";
import { renderTools } from "./render-tools.ts";
import { rootFolder } from "./workspace.ts";

/** Every generated document: its path in the checkout, and its text as the code has it now. */
export async function renderDocuments(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["docs/config.schema.json", await renderInApp("config/config-schema.ts", "renderConfigSchema")],
    ["docs/configuration.md", await renderInApp("config/config-docs.ts", "renderConfigDocs")],
    ["docs/errors.md", renderErrors(await findErrorClasses())],
    ["docs/tools.md", renderTools(Object.values(builtinDescriptors))],
  ]);
}

/** The app exports nothing to other packages, so its renderers are loaded by their place. */
async function renderInApp(file: string, name: string): Promise<string> {
  const path = join(rootFolder, "apps/op-mcp/src", file);
  const render = (await loadModule(path))[name];
  const text: unknown = typeof render === "function" ? render() : undefined;
  if (typeof text === "string") return text;
  throw new TypeError(`${path} must export ${name}(), which returns the document as a string.`);
}
