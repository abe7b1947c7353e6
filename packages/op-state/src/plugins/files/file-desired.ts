import { z } from "zod";
import type { JsonObject } from "op-core";
import { renderTemplate } from "./render-template.ts";

const Name = z.string().regex(/^(?:[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?|\d{1,10})$/);

/** Described one by one: otherwise they become a list of types, which some clients cannot read. */
const TemplateValue = z.union([
  z.string().meta({ description: "Text." }),
  z.number().meta({ description: "A number." }),
  z.boolean().meta({ description: "True or false." }),
]);

/** What can be declared of a file or a folder. What is left out is left as it is. */
export const FileDesired = z.strictObject({
  type: z.enum(["file", "directory"]).optional().meta({ description: "A file unless told." }),
  content: z.string().optional().meta({ description: "What the file contains, as text." }),
  contentBase64: z.base64().optional().meta({ description: "What the file contains, as bytes." }),
  template: z
    .string()
    .optional()
    .meta({ description: "What the file contains, with {{name}} where a value belongs." }),
  values: z
    .record(z.string(), TemplateValue)
    .optional()
    .meta({ description: "The values of the template." }),
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/)
    .optional()
    .meta({ description: "Permissions in octal, as text: 0644." }),
  owner: Name.optional().meta({ description: "A user, by name or number." }),
  group: Name.optional().meta({ description: "A group, by name or number." }),
  validate: z.array(z.string()).min(1).optional().meta({
    description:
      "A program and its arguments that must succeed before the file is replaced; {} stands for the new file.",
  }),
});

/** What can be declared of a file or a folder. */
export type FileDesired = z.output<typeof FileDesired>;

/** What a declared file contains; undefined when that is left as it is. */
export function contentOf(desired: FileDesired): Buffer | undefined {
  if (desired.content !== undefined) return Buffer.from(desired.content);
  if (desired.contentBase64 !== undefined) return Buffer.from(desired.contentBase64, "base64");
  if (desired.template === undefined) return undefined;
  return Buffer.from(renderTemplate(desired.template, desired.values ?? {}));
}

/** What is wrong with a declaration although it fits the schema; undefined when nothing is. */
export function contradictionIn(desired: FileDesired): string | undefined {
  const contents = [desired.content, desired.contentBase64, desired.template];
  const given = contents.filter((content) => content !== undefined).length;
  if (given > 1) return "only one of content, contentBase64 and template can be given.";
  if (desired.type === "directory" && (given > 0 || desired.validate !== undefined)) {
    return "a directory has no content.";
  }
  try {
    contentOf(desired);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
  return undefined;
}

/** Reads a declaration that fits the schema. */
export function parseFileDesired(desired: JsonObject): FileDesired {
  return FileDesired.parse(desired);
}
