import { isErrorOf, isJsonObject } from "op-core";
import { PromptNotFoundError, type PromptSource, type ReadOptions } from "op-tools";
import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import type { CallServices } from "../server/call-context.ts";
import type { Exchange } from "../server/exchange.ts";
import type { McpHost } from "../server/mcp-host.ts";
import { bothEras, type MethodTable } from "../server/method.ts";
import type { Pager } from "../server/page.ts";
import { listAll } from "./listing.ts";
import { readOrSuspend } from "./suspension.ts";

/** Reads a map of strings, as prompts and completions take their arguments. */
export function parseStrings(value: unknown, where: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const entries = isJsonObject(value) ? Object.entries(value) : undefined;
  const strings = entries?.filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (entries === undefined || strings?.length !== entries.length) {
    throw invalidParams(`${where} must be an object whose values are strings.`);
  }
  return Object.fromEntries(strings);
}

async function get(
  sources: readonly PromptSource[],
  { params }: Exchange,
  options: ReadOptions,
): Promise<object> {
  const { name } = params;
  if (typeof name !== "string")
    throw invalidParams("params.name must be the name of a prompt, as a string.");
  const args = parseStrings(params["arguments"], "params.arguments");
  for (const source of sources) {
    try {
      return await source.get(name, args, options);
    } catch (error) {
      if (!isErrorOf(error, PromptNotFoundError)) throw error;
    }
  }
  throw new PromptNotFoundError(name);
}

/** `prompts/list` and `prompts/get`. */
export function createPromptMethods(
  host: McpHost,
  pager: Pager,
  services: CallServices,
): MethodTable {
  return {
    "prompts/list": {
      eras: bothEras,
      cache: { ttlMs: 60_000, cacheScope: "private" },
      handle: async (exchange) => {
        const range = pager.range(exchange);
        const all = await listAll(host.prompts, ({ name }) => name, {
          signal: exchange.signal,
          logger: services.logger,
        });
        return {
          prompts: all.slice(range.start, range.end),
          ...pager.next(exchange, range, all.length),
        };
      },
    },
    "prompts/get": {
      eras: bothEras,
      handle: (exchange) =>
        readOrSuspend(exchange, services, (options) => get(host.prompts, exchange, options)),
    },
  };
}
