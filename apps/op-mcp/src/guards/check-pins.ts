import type { Middleware, ToolDescriptor } from "op-tools";
import type { GuardsConfig } from "./guard-config.ts";
import { ToolChangedError } from "./guard-error.ts";
import { digestTool, type ToolPins } from "./tool-pins.ts";

/** What checking tools takes. */
export interface CheckPinsOptions {
  readonly mode: GuardsConfig["changedTools"];
  readonly pins: ToolPins;
  /** Whose tools change with op-mcp itself or with this machine. */
  readonly isTrusted: (source: string) => boolean;
  readonly priority: number;
}

/**
 * Refuses calls to a tool that is another than when it was first called: whoever rules another server could turn a tool
 * that was looked at into one that nobody has seen.
 */
export function checkPins({ mode, pins, isTrusted, priority }: CheckPinsOptions): Middleware {
  /** A tool that changes has another descriptor, so each is looked at once. */
  const known = new WeakSet<ToolDescriptor>();
  return {
    name: "check-pins",
    priority,
    appliesTo: ({ source }) => mode !== "off" && !isTrusted(source),
    before: ({ tool }) => {
      if (known.has(tool)) return undefined;
      const pin = pins.get(`${tool.source}/${tool.name}`);
      if (pin === undefined) pins.approve(tool);
      else if (pin.digest !== digestTool(tool)) throw new ToolChangedError(tool.name, tool.source);
      known.add(tool);
      return undefined;
    },
  };
}
