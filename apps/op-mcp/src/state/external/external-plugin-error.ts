import { OpError } from "op-core";

/** A plugin of somebody else that cannot be used. */
export class ExternalPluginError extends OpError {
  static readonly code = "ERR_STATE_EXTERNAL";
  static readonly meaning =
    "A state plugin of somebody else cannot be opened, or is not what it is configured as.";
  readonly code = ExternalPluginError.code;

  constructor(name: string, problem: string, cause?: unknown) {
    super(`Opening the state plugin ${JSON.stringify(name)} failed: ${problem}`, {
      advice: "op-mcp plugins list shows each plugin and what is wrong with it.",
      data: { plugin: name },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
