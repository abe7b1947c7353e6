import { OpError } from "op-core";
import type { SchemaViolation } from "../schema/describe-violations.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** A middleware whose place in the chain is not stated properly. */
export class MiddlewarePriorityError extends OpError {
  static readonly code = "ERR_MIDDLEWARE_PRIORITY";
  static readonly meaning = "A middleware's priority is not an integer from 0 to 255.";
  readonly code = MiddlewarePriorityError.code;

  constructor(name: string, priority: number) {
    super(`The middleware ${JSON.stringify(name)} has the priority ${priority}.`, {
      advice: "Give it an integer from 0 (runs first) to 255 (runs last).",
      data: { name, priority: String(priority) },
    });
  }
}

/** A tool that cannot be called because its own schema is of no use. */
export class ToolQuarantinedError extends OpError {
  static readonly code = "ERR_TOOL_QUARANTINED";
  static readonly meaning =
    "The tool's schema cannot be used, so the tool is not called; other tools are not affected.";
  readonly code = ToolQuarantinedError.code;

  constructor(tool: ToolDescriptor, cause: OpError) {
    super(`The tool ${JSON.stringify(tool.name)} is in quarantine. ${cause.message}`, {
      advice: `Use another tool; whoever maintains ${JSON.stringify(tool.source)} has to repair the schema.`,
      data: { tool: tool.name, source: tool.source },
      cause,
    });
  }
}

/** A tool that answered something else than it promises. */
export class ToolOutputInvalidError extends OpError {
  static readonly code = "ERR_TOOL_OUTPUT_INVALID";
  static readonly meaning =
    "The tool ran, but its answer does not fit its own output schema: a fault of the tool.";
  readonly code = ToolOutputInvalidError.code;

  constructor(tool: ToolDescriptor, violations: readonly SchemaViolation[]) {
    const lines = violations.map(({ path, message }) => `- ${path}: ${message}`);
    super(
      `The tool ${JSON.stringify(tool.name)} answered something that does not fit its own output schema.\n${lines.join("\n")}`,
      {
        advice: `The arguments are not at fault, and the tool may have taken effect. Tell whoever maintains ${JSON.stringify(tool.source)}.`,
        data: { tool: tool.name, source: tool.source },
      },
    );
  }
}

/** A tool that did not answer in time. */
export class ToolTimeoutError extends OpError {
  static readonly code = "ERR_TOOL_TIMEOUT";
  static readonly meaning = "The tool did not answer in time and was told to stop.";
  readonly code = ToolTimeoutError.code;

  constructor(tool: string, timeoutMs: number) {
    super(`The tool ${JSON.stringify(tool)} did not answer within ${timeoutMs} ms.`, {
      advice:
        "It was told to stop, but may have taken effect. Ask for less, or allow it more time in the configuration.",
      data: { tool, timeoutMs },
      retryable: true,
    });
  }
}

/** A caller who calls too often. */
export class RateLimitedError extends OpError {
  static readonly code = "ERR_RATE_LIMITED";
  static readonly meaning = "The caller makes more calls than it is allowed to.";
  readonly code = RateLimitedError.code;

  constructor(what: string, retryAfterMs: number) {
    super(`Too many calls ${what}.`, {
      advice: `Try again in ${retryAfterMs} ms.`,
      data: { retryAfterMs },
      retryable: true,
    });
  }
}

/** A person who said no. */
export class ApprovalDeclinedError extends OpError {
  static readonly code = "ERR_APPROVAL_DECLINED";
  static readonly meaning = "The person was asked whether the tool may run, and did not agree.";
  readonly code = ApprovalDeclinedError.code;

  constructor(tool: string, action: "decline" | "cancel") {
    const what = action === "decline" ? "declined" : "closed the question without an answer";
    super(`The tool ${JSON.stringify(tool)} did not run: the person ${what}.`, {
      advice: "Do not try again unless the person asks for it.",
      data: { tool, action },
    });
  }
}

/** A call that needs a person's yes and cannot get it. */
export class ApprovalUnavailableError extends OpError {
  static readonly code = "ERR_APPROVAL_UNAVAILABLE";
  static readonly meaning =
    "The tool needs a person's approval, and the client offers no way to ask for it.";
  readonly code = ApprovalUnavailableError.code;

  constructor(tool: ToolDescriptor, cause: OpError) {
    super(
      `The tool ${JSON.stringify(tool.name)} (${tool.risk}) needs a person's approval, which cannot be asked for here.`,
      {
        ...(cause.advice === undefined ? {} : { advice: cause.advice }),
        data: { tool: tool.name, risk: tool.risk },
        cause,
      },
    );
  }
}
