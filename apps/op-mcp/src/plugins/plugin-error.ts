import { OpError } from "op-core";

/** A plugin that cannot be used. */
export class PluginError extends OpError {
  static readonly code = "ERR_PLUGIN";
  static readonly meaning =
    "A plugin module cannot be loaded, or exports nothing that makes a source.";
  readonly code = PluginError.code;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`The plugin ${path} cannot be used: ${problem}.`, {
      advice:
        "Check the path in plugins.modules; the module must export a function that makes a source.",
      data: { path },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
