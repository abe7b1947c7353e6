import { abortable, systemClock, type Clock } from "op-core";
import type { ToolFacets, ToolFilter } from "../disclosure/tool-filter.ts";
import type { SourceOptions } from "../sources/tool-source.ts";
import type { Risk } from "../tool/risk.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { IndexKeeper } from "./index-keeper.ts";
import type { ToolCatalogue } from "./tool-catalogue.ts";
import type { ToolIndex } from "./tool-index.ts";

/** What to search for. */
export interface ToolSearchRequest {
  /** Plain language or words; without any that mean something, the answer is an overview. */
  readonly query: string;
  /** At most so many hits. */
  readonly limit: number;
  /** Leaves out the first so many. */
  readonly offset?: number | undefined;
  readonly source?: string | undefined;
  readonly category?: string | undefined;
  readonly risk?: Risk | undefined;
  /** The context the caller is confined to; what is outside is neither found nor counted. */
  readonly context?: ToolFilter | undefined;
}

/** A tool that was found. */
export interface ToolHit {
  readonly name: string;
  /** Comparable within one answer only. */
  readonly score: number;
  readonly descriptor: ToolDescriptor;
}

/** How many tools a source has in a category. */
export interface ToolGroup {
  readonly source: string;
  readonly category: string;
  readonly count: number;
}

/** What a search found, best first. */
export interface ToolSearchResult {
  readonly hits: readonly ToolHit[];
  /** How many tools are relevant, shown or not. */
  readonly total: number;
  /** Whether there are more after these. */
  readonly truncated: boolean;
  /** For a query that says nothing: where the tools are, the largest group first. */
  readonly overview?: readonly ToolGroup[];
}

/** Finds tools by what people say they want. Disposing stops following the catalogue. */
export interface ToolSearch extends Disposable {
  search(request: ToolSearchRequest, options: SourceOptions): Promise<ToolSearchResult>;
}

/** What a search works on. */
export interface ToolSearchOptions {
  readonly catalogue: ToolCatalogue;
  /** Multiplies the score of a tool, for example by how often it was used; 1 unless told. */
  readonly boost?: (tool: ToolFacets) => number;
  readonly clock?: Clock;
}

/** A question is better answered by a tool that changes nothing. */
const readerWeight = 1.4;

/** Makes a search that loads and indexes at its first use, and follows the catalogue from then on. */
export function createToolSearch(options: ToolSearchOptions): ToolSearch {
  const { catalogue, boost = () => 1, clock = systemClock } = options;
  const keeper = new IndexKeeper(catalogue, clock);
  return {
    search: async (request, { signal }) => {
      signal.throwIfAborted();
      // Indexing goes on for the others who wait for it.
      const index = await abortable(keeper.current(), signal);
      const found = await findTools(index, request, boost);
      return toResult(found, request, catalogue);
    },
    [Symbol.dispose]: () => {
      keeper[Symbol.dispose]();
    },
  };
}

interface Found {
  readonly ranked: readonly { readonly tool: ToolFacets; readonly score: number }[];
  readonly overview?: readonly ToolGroup[];
}

async function findTools(
  index: ToolIndex,
  request: ToolSearchRequest,
  boost: (tool: ToolFacets) => number,
): Promise<Found> {
  const [{ toMeanings }, { asksOnly }, { rank }] = await Promise.all([
    import("./terms.ts"),
    import("./intent.ts"),
    import("./ranking.ts"),
  ]);
  const accepts = toFilter(request);
  const meanings = toMeanings(request.query);
  if (meanings.length === 0) return toOverview([...index.tools()].filter(accepts));
  const isQuestion = asksOnly(request.query);
  const weigh = (tool: ToolFacets): number =>
    boost(tool) * (isQuestion && tool.risk === "read" ? readerWeight : 1);
  return { ranked: rank(index.search({ meanings, accepts, boost: weigh })) };
}

function toFilter({ source, category, risk, context }: ToolSearchRequest): ToolFilter {
  return (tool) =>
    (source === undefined || tool.source === source) &&
    (category === undefined || tool.category === category) &&
    (risk === undefined || tool.risk === risk) &&
    (context === undefined || context(tool));
}

function toOverview(tools: readonly ToolFacets[]): Found {
  const groups = Map.groupBy(tools, ({ source, category }) => `${source}\n${category}`);
  const overview = Array.from(groups.values(), (members) => ({
    source: members[0]?.source ?? "",
    category: members[0]?.category ?? "",
    count: members.length,
  }));
  const byName = tools.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ranked: byName.map((tool) => ({ tool, score: 0 })),
    overview: overview.toSorted((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1)),
  };
}

function toResult(
  { ranked, ...rest }: Found,
  { offset = 0, limit }: ToolSearchRequest,
  catalogue: ToolCatalogue,
): ToolSearchResult {
  const hits = ranked.slice(offset, offset + limit).flatMap(({ tool: { name }, score }) => {
    const descriptor = catalogue.get(name);
    return descriptor === undefined ? [] : [{ name, score, descriptor }];
  });
  return { hits, total: ranked.length, truncated: ranked.length > offset + limit, ...rest };
}
