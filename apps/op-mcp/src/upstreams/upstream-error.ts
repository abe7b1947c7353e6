import { OpError } from "op-core";

/** A server behind op-mcp that cannot be used as it is configured. */
export class UpstreamSettingsError extends OpError {
  static readonly code = "ERR_UPSTREAM_SETTINGS";
  static readonly meaning = "A server behind op-mcp cannot be used as it is configured.";
  readonly code = UpstreamSettingsError.code;

  constructor(upstream: string, problem: string) {
    super(`The server ${JSON.stringify(upstream)} cannot be used: ${problem}.`, {
      advice: `Correct upstreams.servers.${upstream} in the configuration.`,
      data: { upstream },
    });
  }
}
