import { OpError } from "op-core";
import type { Risk } from "../tool/risk.ts";

/** A tool that changes something, called where only reading is allowed. */
export class ToolNotReadOnlyError extends OpError {
  static readonly code = "ERR_TOOL_NOT_READONLY";
  static readonly meaning =
    "call_tool_readonly or call_many_readonly was asked to call a tool that may change something.";
  readonly code = ToolNotReadOnlyError.code;

  constructor(name: string, risk: Risk) {
    super(`${JSON.stringify(name)} is not read-only: its risk is ${risk}.`, {
      advice: "Call it with call_tool, which may ask a person first.",
      data: { name, risk },
    });
  }
}

/** A tool that calls others, called through another such tool. */
export class MetaToolNestedError extends OpError {
  static readonly code = "ERR_META_TOOL_NESTED";
  static readonly meaning =
    "A tool that calls others was asked to call one that is called directly.";
  readonly code = MetaToolNestedError.code;

  constructor(name: string) {
    super(`${JSON.stringify(name)} cannot be called through another tool.`, {
      advice: "It is always listed: call it directly.",
      data: { name },
    });
  }
}
