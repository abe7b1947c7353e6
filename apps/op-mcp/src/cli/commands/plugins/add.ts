import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { builtInPluginNames } from "op-state/config";
import { editConfig } from "../../../config/edit-config.ts";
import type { ExternalPluginConfig } from "../../../state/external/external-plugin-config.ts";
import { InputUnreadableError, UsageError } from "../../cli-error.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { ownConfigFile } from "../../own-config-file.ts";
import { withInspector } from "../../plugins/with-inspector.ts";

/** `op-mcp plugins add`: opens a plugin, and puts it into the user's configuration when it is one. */
export const runPluginsAdd: RunCommand = async (context) => {
  const { flags, screen } = context;
  const where = readTarget(context);
  const { name, version = "" } = await withInspector(context, ({ inspector }) =>
    inspector.describe(where),
  );
  if (builtInPluginNames.some((each) => each === name)) {
    throw new UsageError(`The plugin calls itself ${name}, as one that comes with op-mcp.`, {
      advice: "It needs another name.",
    });
  }
  if (flags.has("print")) {
    screen.json({ state: { external: { [name]: where } } });
    return exitCodes.ok;
  }
  const file = ownConfigFile(context, await context.loadConfig());
  await editConfig(file, [{ path: ["state", "external", name], value: { ...where } }]);
  if (flags.has("json")) screen.json({ name, version, file, ...where });
  else {
    screen.line(
      `${screen.paint("✓", "green")} ${screen.text(name)} ${screen.text(version)} is added to ${screen.text(file)}.`,
    );
    screen.line(screen.paint(`Try it on a test machine: op-mcp plugins check ${name}`, "dim"));
  }
  return exitCodes.ok;
};

function readTarget(context: CommandContext): ExternalPluginConfig {
  const { flags, positionals, io } = context;
  const module = flags.text("module");
  const service = flags.text("service");
  const given = [module, service, positionals[0]].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new UsageError("It is not clear which plugin to add.", {
      advice: "Give the program with its arguments, or --module PATH, or --service NAME.",
    });
  }
  if (module !== undefined) return { kind: "module", target: [resolveModule(module, io.cwd)] };
  if (service !== undefined) return { kind: "service", target: [service] };
  const [program = "", ...args] = positionals;
  return { kind: "executable", target: [resolve(io.cwd, program), ...args] };
}

/** A package is found as a program in this folder would find it. */
function resolveModule(module: string, cwd: string): string {
  if (isAbsolute(module) || module.startsWith(".")) return resolve(cwd, module);
  try {
    return createRequire(join(cwd, "package.json")).resolve(module);
  } catch (error) {
    throw new InputUnreadableError(`There is no package ${module} here.`, {
      advice: "Install it with npm, or give the path of its module.",
      cause: error,
    });
  }
}
