import { OpError } from "op-core";

/** A set of upstreams that contradicts itself. */
export class UpstreamConfigError extends OpError {
  static readonly code = "ERR_UPSTREAM_CONFIG";
  static readonly meaning = "The configuration of an MCP server cannot be used.";
  readonly code = UpstreamConfigError.code;

  constructor(upstream: string, detail: string) {
    super(`The upstream ${JSON.stringify(upstream)} cannot be configured: ${detail}.`, {
      advice: "Correct its configuration.",
      data: { upstream },
    });
  }
}

/** A tool that is not called because its definition is not the one that was accepted, or cannot be used. */
export class UpstreamToolHeldError extends OpError {
  static readonly code = "ERR_UPSTREAM_TOOL_HELD";
  static readonly meaning =
    "An upstream's tool is held back: its definition changed unannounced or cannot be used.";
  readonly code = UpstreamToolHeldError.code;

  constructor(upstream: string, tool: string, reason: string) {
    super(`The tool ${JSON.stringify(tool)} of ${upstream} is held back: ${reason}.`, {
      advice: "Look at what changed and accept it, or use another tool.",
      data: { upstream, tool },
    });
  }
}
