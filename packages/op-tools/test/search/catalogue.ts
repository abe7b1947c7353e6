import type { JsonObject } from "op-core";
import { risks, type Risk, type ToolDescriptor } from "op-tools";
import { machineTools } from "./machine-tools.ts";
import { serverTools } from "./server-tools.ts";

/** A realistic machine with the MCP servers people run beside it. */
export const catalogue: readonly ToolDescriptor[] = parseTable(machineTools + serverTools);

function parseTable(table: string): readonly ToolDescriptor[] {
  const tools: ToolDescriptor[] = [];
  let [source, category] = ["", ""];
  for (const line of table.split("\n").filter((text) => text !== "")) {
    if (line.startsWith("# ")) [source = "", category = ""] = line.slice(2).split(" ");
    else tools.push(parseRow(line, source, category));
  }
  return tools;
}

function parseRow(line: string, source: string, category: string): ToolDescriptor {
  const [name = "", risk = "", tags = "", args = "", description = ""] = line
    .split(" |")
    .map((cell) => cell.trim());
  return toDescriptor({ name, description, category, source, risk: parseRisk(risk), tags, args });
}

function parseRisk(text: string): Risk {
  const risk = risks.find((known) => known === text);
  if (risk === undefined) throw new TypeError(`${JSON.stringify(text)} is not a risk`);
  return risk;
}

/** A descriptor in the words of a table row. */
export interface Row extends Pick<
  ToolDescriptor,
  "name" | "description" | "category" | "source" | "risk"
> {
  /** Separated by commas. */
  readonly tags: string;
  /** `name: what it is`, separated by semicolons. */
  readonly args: string;
}

/** Turns a row into a whole descriptor. */
export function toDescriptor(row: Row): ToolDescriptor {
  const properties: Record<string, JsonObject> = {};
  for (const argument of row.args.split(";").filter((text) => text.trim() !== "")) {
    const [name = "", description = ""] = argument.split(": ");
    properties[name.trim()] = { type: "string", description };
  }
  return {
    name: row.name,
    description: row.description,
    inputSchema: { type: "object", properties },
    annotations: {
      readOnlyHint: row.risk === "read",
      destructiveHint: row.risk === "destructive",
    },
    category: row.category,
    tags: row.tags.split(",").map((tag) => tag.trim()),
    source: row.source,
    risk: row.risk,
  };
}
