import { ResourceNotFoundError, type ReadOptions, type ResourceSource } from "op-tools";
import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import type { CallServices } from "../server/call-context.ts";
import type { Exchange } from "../server/exchange.ts";
import type { McpHost } from "../server/mcp-host.ts";
import { bothEras, legacyOnly, type MethodTable } from "../server/method.ts";
import type { Pager } from "../server/page.ts";
import type { ResourceSubscriptions } from "../server/resource-subscriptions.ts";
import { listAll, type Lister } from "./listing.ts";
import { readOrSuspend } from "./suspension.ts";

const cache = { ttlMs: 5000, cacheScope: "private" } as const;

function uriOf({ params }: Exchange): string {
  const { uri } = params;
  if (typeof uri !== "string") throw invalidParams("params.uri must be a string.");
  return uri;
}

async function read(
  sources: readonly ResourceSource[],
  exchange: Exchange,
  options: ReadOptions,
): Promise<object> {
  const uri = uriOf(exchange);
  const owner = sources.find((source) => source.owns(uri));
  if (owner === undefined) throw new ResourceNotFoundError(uri);
  return owner.readWhole === undefined
    ? { contents: await owner.read(uri, options) }
    : await owner.readWhole(uri, options);
}

async function* nothing(): AsyncGenerator<never> {}

function templateListers(
  sources: readonly ResourceSource[],
): readonly Lister<{ readonly uriTemplate: string }>[] {
  return sources
    .filter((source) => source.templates !== undefined)
    .map((source) => ({
      name: source.name,
      list: (options) => source.templates?.(options) ?? nothing(),
    }));
}

function subscriptionsOf({ speech }: Exchange): ResourceSubscriptions | undefined {
  return speech.era === "legacy" ? speech.session.subscriptions : undefined;
}

/** All methods on resources. */
export function createResourceMethods(
  host: McpHost,
  pager: Pager,
  services: CallServices,
): MethodTable {
  const { logger } = services;
  const sources = host.resources;
  const listers = templateListers(sources);
  return {
    "resources/list": {
      eras: bothEras,
      cache,
      handle: async (exchange) => {
        const range = pager.range(exchange);
        const all = await listAll(sources, ({ uri }) => uri, { signal: exchange.signal, logger });
        return {
          resources: all.slice(range.start, range.end),
          ...pager.next(exchange, range, all.length),
        };
      },
    },
    "resources/templates/list": {
      eras: bothEras,
      cache,
      handle: async (exchange) => {
        const range = pager.range(exchange);
        const all = await listAll(listers, ({ uriTemplate }) => uriTemplate, {
          signal: exchange.signal,
          logger,
        });
        return {
          resourceTemplates: all.slice(range.start, range.end),
          ...pager.next(exchange, range, all.length),
        };
      },
    },
    "resources/read": {
      eras: bothEras,
      cache: { ttlMs: 0, cacheScope: "private" },
      handle: (exchange) =>
        readOrSuspend(exchange, services, (options) => read(sources, exchange, options)),
    },
    "resources/subscribe": {
      eras: legacyOnly,
      handle: async (exchange) => {
        const uri = uriOf(exchange);
        if (!sources.some((source) => source.owns(uri))) throw new ResourceNotFoundError(uri);
        await subscriptionsOf(exchange)?.add(uri, exchange);
        return {};
      },
    },
    "resources/unsubscribe": {
      eras: legacyOnly,
      handle: (exchange) => {
        subscriptionsOf(exchange)?.delete(uriOf(exchange));
        return {};
      },
    },
  };
}
