import type { ToolDescriptor, ToolResult, WrittenForm } from "op-tools";
import { isJsonObject } from "op-core";
import type { Speech } from "../server/exchange.ts";

const modernForms = new WeakMap<ToolDescriptor, object>();
const legacyForms = new WeakMap<ToolDescriptor, object>();

function toForm(tool: ToolDescriptor, hasAnyOutput: boolean): object {
  const { name, title, description, inputSchema, outputSchema, annotations, icons, _meta } = tool;
  const keepsOutput =
    outputSchema !== undefined && (hasAnyOutput || outputSchema["type"] === "object");
  const form = {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema,
    ...(keepsOutput ? { outputSchema } : {}),
    annotations,
    ...(icons === undefined ? {} : { icons }),
    ...(_meta === undefined ? {} : { _meta }),
  };
  return tool.written === undefined ? form : toWrittenForm(form, tool.written);
}

/** The fields that the definition had where it came from, in their order, and no more. */
function toWrittenForm(form: object, { fields, others = {} }: WrittenForm): object {
  const known = new Map<string, unknown>(Object.entries({ ...form, ...others }));
  return Object.fromEntries(
    fields.filter((field) => known.has(field)).map((field) => [field, known.get(field)]),
  );
}

/** A descriptor as a list shows it; the handshake era knows only objects as structured output. */
export function toWireTool(tool: ToolDescriptor, { era }: Speech): object {
  const forms = era === "modern" ? modernForms : legacyForms;
  const known = forms.get(tool);
  if (known !== undefined) return known;
  const form = toForm(tool, era === "modern");
  forms.set(tool, form);
  return form;
}

function toOldBlock(
  block: ToolResult["content"][number],
  revision: string,
): ToolResult["content"][number] {
  if (block.type === "resource_link" && revision < "2025-06-18") {
    return { type: "text", text: `${block.title ?? block.name}: ${block.uri}` };
  }
  if (block.type === "audio" && revision < "2025-03-26") {
    return {
      type: "text",
      text: `[audio, ${block.mimeType}: this client's protocol revision has no audio]`,
    };
  }
  return block;
}

/** A result as the client's revision can read it. What it can read as it is stays the same object. */
export function toWireResult(result: ToolResult, speech: Speech): object {
  if (speech.era === "modern") return result;
  const { revision } = speech.session;
  const { structuredContent, ...rest } = result;
  const isReadable = structuredContent === undefined || isJsonObject(structuredContent);
  if (revision >= "2025-06-18") return isReadable ? result : rest;
  const content = rest.content.map((block) => toOldBlock(block, revision));
  return isReadable ? { ...result, content } : { ...rest, content };
}
