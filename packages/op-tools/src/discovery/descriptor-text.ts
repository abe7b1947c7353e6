import { isJsonObject } from "op-core";
import { risks, type Risk } from "../tool/risk.ts";
import type { ObjectSchema, ToolDescriptor } from "../tool/tool-descriptor.ts";
import { toDescriptor } from "../tool/with-source.ts";

/** Larger ones are no help to a model and a burden to everybody. */
const greatestBytes = 256 * 1024;

/**
 * A descriptor as one line of JSON, with its keys in a fixed order: equal descriptors give equal text, and what is not
 * part of a descriptor, such as a tool's methods, is left out.
 */
export function toDescriptorText(descriptor: ToolDescriptor): string {
  return JSON.stringify(toDescriptor(descriptor, descriptor.source));
}

function isObjectSchema(value: unknown): value is ObjectSchema {
  return isJsonObject(value) && value["type"] === "object";
}

function isRisk(value: unknown): value is Risk {
  return risks.some((risk) => risk === value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The name a descriptor claims, also where it is none. */
export function nameOfDescriptor(descriptor: unknown): string {
  const name = isJsonObject(descriptor) ? descriptor["name"] : undefined;
  return typeof name === "string" ? name : "";
}

/** What is wrong with a descriptor that some source made, or nothing. */
export function findDescriptorProblem(descriptor: ToolDescriptor): string | undefined {
  // Sources are written by others, in part without a compiler: what the type promises is checked once, here.
  if (!isJsonObject(descriptor)) return "it is no object";
  return findShapeProblem(descriptor) ?? findTextProblem(descriptor);
}

function findShapeProblem(descriptor: Record<string, unknown>): string | undefined {
  const { name, description, inputSchema, outputSchema, annotations, category, tags, risk } =
    descriptor;
  if (typeof name !== "string" || name === "") return "it has no name";
  if (typeof description !== "string") return "its description is no text";
  if (!isObjectSchema(inputSchema)) return "its inputSchema does not describe an object";
  if (outputSchema !== undefined && !isJsonObject(outputSchema))
    return "its outputSchema is no schema";
  if (!isJsonObject(annotations)) return "its annotations are no object";
  if (typeof category !== "string" || !isTexts(tags)) return "its category or its tags are no text";
  return isRisk(risk) ? undefined : `its risk is none of ${risks.join(", ")}`;
}

function findTextProblem(descriptor: ToolDescriptor): string | undefined {
  try {
    const isTooLarge = Buffer.byteLength(toDescriptorText(descriptor)) > greatestBytes;
    return isTooLarge ? `its descriptor is larger than ${greatestBytes} bytes` : undefined;
  } catch {
    return "it cannot be written as JSON";
  }
}

/** Reads back what {@link toDescriptorText} wrote. */
export function parseDescriptorText(text: string): ToolDescriptor {
  const descriptor: ToolDescriptor = JSON.parse(text);
  return descriptor;
}
