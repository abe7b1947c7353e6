import type { JsonObject } from "op-core";
import { findHeaderProblem } from "op-protocol/client";
import { diffDefinitions, type DefinitionChange } from "../pins/diff-definitions.ts";
import { definitionHash, type Definitions } from "../pins/pin-store.ts";
import type { UpstreamConfig } from "../upstreams/upstream-config.ts";
import { offerTool, type OfferedTool } from "./offer-tool.ts";
import type { RuledTool } from "./tool-rules.ts";

/** A tool that is not offered, and why. */
export interface HeldTool {
  readonly tool: string;
  readonly reason: string;
  /** What is different from the definition that was accepted. */
  readonly changes?: readonly DefinitionChange[];
}

/** What is known of an upstream's tools. */
export interface ToolListing {
  /** By the names they have here. */
  readonly offered: ReadonlyMap<string, OfferedTool>;
  /** By the names they have there. */
  readonly held: ReadonlyMap<string, HeldTool>;
  /** Every definition as it came. */
  readonly definitions: Definitions;
}

/** By what tools are judged. */
export interface ToolJudge {
  readonly config: UpstreamConfig;
  readonly rules: (tool: string) => RuledTool;
  /** Whether calls repeat some of their arguments in headers. */
  readonly hasHeaders: boolean;
  /** The definitions that were accepted. */
  readonly accepted: Definitions;
}

/** Decides which tools of a list are offered, and how. */
export function judgeTools(raws: readonly JsonObject[], judge: ToolJudge): ToolListing {
  const offered = new Map<string, OfferedTool>();
  const held = new Map<string, HeldTool>();
  const definitions: Record<string, JsonObject> = {};
  for (const raw of raws) {
    const tool = typeof raw["name"] === "string" ? raw["name"] : "";
    const ruled = judge.rules(tool);
    if (ruled.isHidden) continue;
    const offer = offerTool(raw, ruled, judge.config);
    const problem = problemOf(offer, { raw, tool, offered }, judge);
    if (problem !== undefined) held.set(tool, { tool, ...problem });
    else if (typeof offer !== "string") offered.set(offer.descriptor.name, offer);
    if (typeof offer !== "string") definitions[tool] = raw;
  }
  return { offered, held, definitions };
}

function problemOf(
  offer: OfferedTool | string,
  seen: {
    readonly raw: JsonObject;
    readonly tool: string;
    readonly offered: ReadonlyMap<string, OfferedTool>;
  },
  { config, hasHeaders, accepted }: ToolJudge,
): Omit<HeldTool, "tool"> | undefined {
  if (typeof offer === "string") return { reason: offer };
  const { raw, tool, offered } = seen;
  if (offered.has(offer.descriptor.name))
    return { reason: `another tool is called ${offer.descriptor.name} too` };
  const headerProblem = hasHeaders ? findHeaderProblem(offer.inputSchema) : undefined;
  if (headerProblem !== undefined) return { reason: headerProblem };
  const known = Object.hasOwn(accepted, tool) ? accepted[tool] : undefined;
  const isChanged = known !== undefined && definitionHash(known) !== definitionHash(raw);
  if (!isChanged || config.changed === "accept") return undefined;
  return {
    reason: "its definition is not the one that was accepted",
    changes: diffDefinitions(known, raw),
  };
}

/** The tools of several connections in one: the first that offers a tool says how, and what one holds back is told. */
export function mergeListings(
  shown: readonly ToolListing[],
  all: readonly ToolListing[] = shown,
): ToolListing {
  const [only] = all;
  if (only !== undefined && all.length === 1 && shown[0] === only) return only;
  const holding = (listing: ToolListing): Definitions =>
    Object.fromEntries(
      Object.entries(listing.definitions).filter(([tool]) => listing.held.has(tool)),
    );
  return {
    offered: new Map(shown.toReversed().flatMap(({ offered }) => [...offered])),
    held: new Map(all.flatMap(({ held }) => [...held])),
    // Who accepts a tool accepts what is held back of it.
    definitions: Object.assign(
      {},
      ...all.map(({ definitions }) => definitions),
      ...all.map(holding),
    ),
  };
}
