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

/** A call that was cut off and is not made again by itself. */
export class UpstreamCallLostError extends OpError {
  static readonly code = "ERR_UPSTREAM_CALL_LOST";
  static readonly meaning =
    "The connection to an upstream ended in the midst of a call, which may or may not have been carried out.";
  readonly code = UpstreamCallLostError.code;

  constructor(
    { upstream, tool, isRepeated }: { upstream: string; tool: string; isRepeated: boolean },
    cause: Error,
  ) {
    const times = isRepeated ? "was cut off twice" : "was cut off";
    super(
      `The call of ${JSON.stringify(tool)} ${times}: ${upstream} left before it answered. It may or may not have been carried out.`,
      {
        advice: isRepeated
          ? "It can be called again safely; the log has what the server said."
          : "Look whether it had an effect before calling again. A tool that may be called twice is repeated by itself where a rule of its server says `repeat`.",
        data: { upstream, tool },
        retryable: isRepeated,
        cause,
      },
    );
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
