import { isOpError, type JsonObject, type JsonValue } from "op-core";
import { SchemaRefusedError } from "../schema/schema-error.ts";
import type { ContentBlock, ToolResult } from "../tool/tool-result.ts";
import {
  createJsonSchemaValidator,
  type JsonSchemaValidator,
} from "../schema/json-schema-validator.ts";
import { cutContent } from "./cut-content.ts";
import { cutData } from "./cut-data.ts";
import type { Cut } from "./cut-result.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import type { LimitResultConfig } from "./limit-result-config.ts";
import type { Middleware, ToolCall } from "./middleware.ts";
import { isSmall } from "./result-size.ts";
import type { ResultStore } from "./result-store.ts";
import { splitText } from "./split-text.ts";

/** What limiting results takes. */
export interface LimitResultOptions extends MiddlewareOptions, Pick<LimitResultConfig, "maxBytes"> {
  /** Where the rest of a large result can be read; offer it to clients by `createResultSource`. */
  readonly store: ResultStore;
  readonly validator?: JsonSchemaValidator;
}

/**
 * Answers a large result by its first page, says how much that is of how much, and links to the rest. Content and data
 * are limited to `maxBytes` each. Data is cut between the elements of a list, and only if it still fits the tool's output
 * schema; where it cannot be cut it is left out, and since a client may then reject the answer as data that is missing,
 * a tool with an output schema answers it as an error result that says so.
 */
export function limitResult(options: LimitResultOptions): Middleware {
  const { maxBytes, store, validator = createJsonSchemaValidator() } = options;
  const limiter: Limiter = { maxBytes, store, validator };
  return {
    name: "limit-result",
    priority: options.priority ?? defaultPriority.limitResult,
    around: async (call, next) => {
      const result = await next(call);
      return isSmall(result, maxBytes) ? result : await limit(result, call, limiter);
    },
  };
}

interface Limiter {
  readonly maxBytes: number;
  readonly store: ResultStore;
  readonly validator: JsonSchemaValidator;
}

async function limit(result: ToolResult, call: ToolCall, limiter: Limiter): Promise<ToolResult> {
  const { structuredContent: data, ...others } = result;
  const json = data === undefined ? "" : JSON.stringify(data);
  if (data === undefined || Buffer.byteLength(json) <= limiter.maxBytes) {
    return { ...result, content: limitContent(result.content, call, limiter) };
  }
  const cut = await cutToFit(data, call, limiter);
  const content = isMirror(result.content, json)
    ? [textBlock(cut === undefined ? "" : JSON.stringify(cut.shown))]
    : limitContent(result.content, call, limiter);
  if (cut !== undefined) {
    return {
      ...others,
      content: [...content, ...keep(cut, call, limiter)],
      structuredContent: cut.shown,
    };
  }
  return {
    ...others,
    content: [...content, ...keep(leftOut(json, limiter), call, limiter)],
    ...(call.tool.outputSchema === undefined ? {} : { isError: true }),
  };
}

/** Cuts data, unless it would no longer be what the tool promises. */
async function cutToFit(
  data: JsonValue,
  { tool }: ToolCall,
  { maxBytes, validator }: Limiter,
): Promise<Cut<JsonValue> | undefined> {
  const cut = cutData(data, maxBytes);
  if (cut === undefined || tool.outputSchema === undefined) return cut;
  return (await keepsPromise(validator, tool.outputSchema, cut.shown)) ? cut : undefined;
}

/** Against a schema of no use nothing can be promised. */
async function keepsPromise(
  validator: JsonSchemaValidator,
  schema: JsonObject,
  data: JsonValue,
): Promise<boolean> {
  try {
    return (await validator.check(schema, data)).length === 0;
  } catch (error) {
    if (isOpError(error) && error.code === SchemaRefusedError.code) return false;
    throw error;
  }
}

function leftOut(json: string, { maxBytes }: Limiter): Cut<undefined> {
  return {
    shown: undefined,
    rest: splitText(json, maxBytes).map((text) => ({ mimeType: "application/json", text })),
    note: "The tool succeeded, but its data is too large to be answered and cannot be shortened.",
  };
}

/** Whether content only repeats the data for clients that read text. */
function isMirror(content: readonly ContentBlock[], json: string): boolean {
  const [only] = content;
  return content.length === 1 && only?.type === "text" && only.text === json;
}

function limitContent(
  content: readonly ContentBlock[],
  call: ToolCall,
  limiter: Limiter,
): readonly ContentBlock[] {
  const cut = cutContent(content, limiter.maxBytes);
  return cut.rest.length === 0 ? content : [...cut.shown, ...keep(cut, call, limiter)];
}

/** Keeps the rest, and says what is shown and where the rest is. */
function keep(
  { rest, note }: Cut<unknown>,
  { context }: ToolCall,
  { store }: Limiter,
): readonly ContentBlock[] {
  if (rest.length === 0) return [textBlock(note)];
  const uri = store.put(context.principal.id, rest);
  if (uri === undefined) return [textBlock(`${note} The rest is too large to keep: ask for less.`)];
  const where =
    rest.length === 1
      ? `in the resource ${uri}?page=1`
      : `in ${rest.length} pages, the resources ${uri}?page=1 to ${uri}?page=${rest.length}`;
  return [
    textBlock(`${note} The rest can be read for a while ${where}.`),
    { type: "resource_link", uri: `${uri}?page=1`, name: "The rest of the answer" },
  ];
}

function textBlock(text: string): ContentBlock {
  return { type: "text", text };
}
