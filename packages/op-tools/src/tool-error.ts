import { OpError } from "op-core";
import type { MissingTools } from "./discovery/source-status.ts";

/** A name that no tool has. */
export class ToolNotFoundError extends OpError {
  static readonly code = "ERR_TOOL_NOT_FOUND";
  static readonly meaning = "No tool has this name, or it was removed while it was being called.";
  readonly code = ToolNotFoundError.code;

  constructor(
    name: string,
    {
      nearest = [],
      missing = [],
    }: { readonly nearest?: readonly string[]; readonly missing?: readonly MissingTools[] } = {},
  ) {
    const known =
      missing.length === 0 ? "" : ` among those that are known. ${wordMissing(missing)}`;
    super(`There is no tool named ${JSON.stringify(name)}${known || "."}`, {
      advice: adviceFor(nearest, missing),
      data: {
        name,
        nearest,
        ...(missing.length === 0 ? {} : { missing: missing.map((each) => ({ ...each })) }),
      },
    });
  }
}

const mostNamed = 5;

/** Whose tools nobody knows, and why. */
function wordMissing(missing: readonly MissingTools[]): string {
  const named = missing.slice(0, mostNamed).map(({ source, reason }) => `${source} (${reason})`);
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : "";
  return `The tools of ${named.join(", ")}${more} are missing.`;
}

function adviceFor(nearest: readonly string[], missing: readonly MissingTools[]): string {
  if (nearest.length > 0) return `Did you mean ${nearest.join(", ")}?`;
  return missing.length > 0
    ? "Call again when they are there; server_status says how they are."
    : "Find it with search_tools, or list the tools again.";
}

/** A URI that no resource has. */
export class ResourceNotFoundError extends OpError {
  static readonly code = "ERR_RESOURCE_NOT_FOUND";
  static readonly meaning = "No resource has this URI.";
  readonly code = ResourceNotFoundError.code;

  constructor(uri: string) {
    super(`There is no resource at ${JSON.stringify(uri)}.`, {
      advice: "List the resources and their templates again.",
      data: { uri },
    });
  }
}

/** A name that no prompt has. */
export class PromptNotFoundError extends OpError {
  static readonly code = "ERR_PROMPT_NOT_FOUND";
  static readonly meaning = "No prompt has this name.";
  readonly code = PromptNotFoundError.code;

  constructor(name: string) {
    super(`There is no prompt named ${JSON.stringify(name)}.`, {
      advice: "List the prompts again.",
      data: { name },
    });
  }
}

/** A question that cannot reach a person. */
export class AskUnavailableError extends OpError {
  static readonly code = "ERR_ASK_UNAVAILABLE";
  static readonly meaning =
    "The call needs an answer from a person, and the client offers no way to ask.";
  readonly code = AskUnavailableError.code;

  constructor(
    message: string,
    advice = "Use a client that supports MCP elicitation, or have whoever runs the server allow this call without a question.",
  ) {
    super(`The client cannot be asked: ${message}`, { advice });
  }
}

/**
 * Ends a call that needs an answer first. Not a failure: whoever sees it lets it through, counts nothing against the
 * tool and remembers no result.
 */
export class CallSuspendedError extends OpError {
  static readonly code = "ERR_CALL_SUSPENDED";
  static readonly meaning =
    "The call waits for an answer; the client repeats it with the answer and it runs again.";
  readonly code = CallSuspendedError.code;
  /** What the client is answered, in the shape of its protocol. */
  readonly result: object;

  constructor(question: string, result: object) {
    super(`The call waits for the answer to ${JSON.stringify(question)}.`, { data: { question } });
    this.result = result;
  }
}

/** A name that some client would refuse. */
export class InvalidToolNameError extends OpError {
  static readonly code = "ERR_TOOL_NAME_INVALID";
  static readonly meaning = "A tool's name has characters or a length that clients refuse.";
  readonly code = InvalidToolNameError.code;

  constructor(name: string) {
    super(`${JSON.stringify(name.slice(0, 100))} cannot be the name of a tool.`, {
      advice: "Use 1 to 48 letters, digits, underscores and hyphens.",
      data: { name: name.slice(0, 100) },
    });
  }
}

/** A name that is taken. */
export class ToolExistsError extends OpError {
  static readonly code = "ERR_TOOL_EXISTS";
  static readonly meaning = "A tool of this name is registered already.";
  readonly code = ToolExistsError.code;

  constructor(name: string) {
    super(`A tool named ${JSON.stringify(name)} is registered already.`, {
      advice: "Unregister it first, replace it, or choose another name.",
      data: { name },
    });
  }
}

/** A source whose name is taken. */
export class SourceExistsError extends OpError {
  static readonly code = "ERR_SOURCE_EXISTS";
  static readonly meaning = "A source of this name is followed already.";
  readonly code = SourceExistsError.code;

  constructor(source: string) {
    super(`A source named ${JSON.stringify(source)} is followed already.`, {
      advice: "Remove it first, or choose another name.",
      data: { source },
    });
  }
}

/** A set of tools that is being closed. */
export class ToolboxClosedError extends OpError {
  static readonly code = "ERR_TOOLBOX_CLOSED";
  static readonly meaning = "A tool was called while the server was leaving.";
  readonly code = ToolboxClosedError.code;

  constructor() {
    super("The tools are being closed; no further call is accepted.", {
      advice: "Connect again.",
      retryable: true,
    });
  }
}

/** A manifest that is looked at after its toolbox was closed. */
export class ManifestClosedError extends OpError {
  static readonly code = "ERR_MANIFEST_CLOSED";
  static readonly meaning = "A tool was looked at after the toolbox that knew it was closed.";
  readonly code = ManifestClosedError.code;

  constructor(path: string) {
    super(`The tool manifest ${path} is closed.`, {
      advice: "Look at tools only while their toolbox is open.",
      data: { path },
    });
  }
}
