import type { JsonObject } from "op-core";
import { dataResult, type Tool } from "op-tools";
import { defineTool } from "op-tools/define";
import * as z from "zod";
import type { Caller } from "../../access/access-decision.ts";
import { memberId, type CatalogueMember } from "../catalogue/catalogue-member.ts";
import { lineOf } from "../catalogue/member-text.ts";
import { callerOf, type Gate } from "../gate/gate.ts";
import { judgeMember } from "../catalogue/classify-member.ts";
import { metaHeader, type MetaToolParts } from "./meta-tool.ts";

/** Makes the tool that finds methods, properties and signals. */
export function createDBusSearch(parts: MetaToolParts): Tool {
  const { runtime, search } = parts;
  const buses = runtime.catalogues.map(({ target }) => target.name);
  const [first = "system"] = buses;
  return defineTool({
    ...metaHeader(parts, "dbus_search"),
    title: "Search D-Bus",
    description:
      "Finds methods, properties and signals of every D-Bus service by what they do, in plain language. Answers ids for dbus_describe.",
    risk: "read",
    input: z.strictObject({
      query: z.string().max(500).meta({ description: "What is wanted, in plain words." }),
      bus: z
        .enum([first, ...buses.slice(1)])
        .optional()
        .meta({ description: "Only this bus." }),
      service: z.string().optional().meta({ description: "Only this service." }),
      risk: z
        .enum(["read", "write", "destructive"])
        .optional()
        .meta({ description: "Only what reads, writes, or may lose something." }),
      limit: z.int().min(1).max(50).default(10).meta({ description: "At most so many." }),
      offset: z.int().min(0).default(0).meta({ description: "Skips so many." }),
    }),
    call: async ({ query, bus, service, risk, limit, offset }, context) => {
      const request = { query, limit, offset, source: bus, category: service, risk };
      const { hits, total } = await search.search(request, context.signal);
      const caller = callerOf(context);
      return dataResult({
        found: hits.map(({ member }) => toData(member, runtime.gate, caller)),
        total,
      });
    },
  });
}

function toData(member: CatalogueMember, gate: Gate, caller: Caller): JsonObject {
  const { paths } = member.owner;
  const { decision } = judgeMember(member, gate, caller);
  const [only] = paths.all;
  return {
    id: memberId(member),
    kind: member.kind,
    text: lineOf(member),
    ...(paths.pattern !== undefined && { paths: paths.pattern }),
    ...(paths.all.length === 1 && only !== undefined && { path: only }),
    class: decision.class,
    access: accessText(decision),
  };
}

/** What is decided, in a word. */
function accessText({
  verdict,
  needsApproval,
}: {
  readonly verdict: "allow" | "deny";
  readonly needsApproval: boolean;
}): string {
  if (verdict === "deny") return "denied";
  return needsApproval ? "after a yes" : "allowed";
}
