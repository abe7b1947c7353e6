import { isErrorOf, isJsonObject } from "op-core";
import {
  PromptNotFoundError,
  ResourceNotFoundError,
  type Completion,
  type CompletionRequest,
} from "op-tools";
import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import { createCallContext, type CallServices } from "../server/call-context.ts";
import type { Exchange } from "../server/exchange.ts";
import type { McpHost } from "../server/mcp-host.ts";
import { bothEras, type MethodTable } from "../server/method.ts";
import { parseStrings } from "./prompts.ts";

const mostValues = 100;

interface ParsedCompletion {
  readonly target: "prompt" | "resource";
  readonly request: CompletionRequest;
}

function parseCompletion({ params }: Exchange): ParsedCompletion {
  const { ref, argument, context } = params;
  if (!isJsonObject(ref) || !isJsonObject(argument))
    throw invalidParams("params.ref and params.argument must be objects.");
  const { name, value } = argument;
  if (typeof name !== "string" || typeof value !== "string") {
    throw invalidParams("params.argument must have a name and a value, both strings.");
  }
  const known = parseStrings(
    isJsonObject(context) ? context["arguments"] : undefined,
    "params.context.arguments",
  );
  const target = ref["type"] === "ref/prompt" ? "prompt" : "resource";
  const of = target === "prompt" ? ref["name"] : ref["uri"];
  if (typeof of !== "string" || (target === "resource" && ref["type"] !== "ref/resource")) {
    throw invalidParams(
      "params.ref must be a ref/prompt with a name or a ref/resource with a uri.",
    );
  }
  return { target, request: { of, argument: name, value, known } };
}

async function complete(
  host: McpHost,
  exchange: Exchange,
  services: CallServices,
): Promise<Completion> {
  const { target, request } = parseCompletion(exchange);
  const options = createCallContext(exchange, services);
  for (const source of target === "prompt" ? host.prompts : host.resources) {
    try {
      const completion = await source.complete?.(request, options);
      if (completion !== undefined) return completion;
    } catch (error) {
      const isUnknown =
        isErrorOf(error, PromptNotFoundError) || isErrorOf(error, ResourceNotFoundError);
      if (!isUnknown) throw error;
    }
  }
  return { values: [] };
}

/** `completion/complete`. What nobody can complete has no proposals; that is not an error. */
export function createCompletionMethods(host: McpHost, services: CallServices): MethodTable {
  return {
    "completion/complete": {
      eras: bothEras,
      handle: async (exchange) => toResult(await complete(host, exchange, services)),
    },
  };
}

/** No more values than the protocol allows. What a source does not say is said where it is known. */
function toResult({ _meta, ...said }: Completion): object {
  const { values, total } = said;
  const shown = values.slice(0, mostValues);
  const isCut = shown.length < values.length;
  const known = total ?? values.length;
  const derived =
    isCut || total !== undefined ? { total: known, hasMore: known > shown.length } : {};
  return {
    completion: { ...derived, ...said, values: shown, ...(isCut ? { hasMore: true } : {}) },
    ...(_meta === undefined ? {} : { _meta }),
  };
}
