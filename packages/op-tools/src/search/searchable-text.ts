import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** The parts of a tool that are searched, and how much a match in each weighs. */
export const fieldWeights = {
  name: 4,
  title: 3,
  tags: 3,
  category: 1.5,
  arguments: 0.7,
  argumentHelp: 0.2,
  description: 2,
};

type Field = keyof typeof fieldWeights;

const readers: Readonly<Record<Field, (tool: ToolDescriptor) => string>> = {
  name: (tool) => tool.name,
  title: (tool) => tool.title ?? tool.annotations.title ?? "",
  tags: (tool) => [...tool.tags, tool.source].join(" "),
  category: (tool) => tool.category,
  arguments: (tool) => Object.keys(propertiesOf(tool)).join(" "),
  argumentHelp: (tool) => Object.values(propertiesOf(tool)).map(helpOf).join(" "),
  description: (tool) => tool.description,
};

/** The text of one part of a tool; empty for a part that is not searched. */
export function searchableText(tool: ToolDescriptor, field: string): string {
  return isField(field) ? readers[field](tool) : "";
}

function isField(field: string): field is Field {
  return Object.hasOwn(readers, field);
}

function propertiesOf(tool: ToolDescriptor): JsonObject {
  const properties = tool.inputSchema["properties"];
  return isJsonObject(properties) ? properties : {};
}

function helpOf(schema: JsonValue): string {
  const text = isJsonObject(schema) ? schema["description"] : undefined;
  return typeof text === "string" ? text : "";
}
