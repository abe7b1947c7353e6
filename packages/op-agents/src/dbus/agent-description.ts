import * as z from "zod";
import { plainText } from "../agents/text/output-text.ts";

/** Where an agent goes on for longer than this, it does not describe itself. */
const mostBytes = 512 * 1024;

/** What somebody wrote whom nobody knows: without what a terminal or a reader would obey, and not without end. */
const Words = z.string().transform((text) => plainText(text).slice(0, 4096));

/** What an agent on a bus says of itself. */
const AgentDescription = z.object({
  description: Words.default(""),
  operations: z
    .array(
      z.object({
        name: z.string(),
        description: Words.default(""),
        inputSchema: z.record(z.string(), z.json()).default({}),
        outputSchema: z.record(z.string(), z.json()).optional(),
        isIdempotent: z.boolean().default(false),
        risk: z.enum(["read", "write", "destructive", "privileged"]).default("privileged"),
      }),
    )
    .min(1)
    .max(200),
});

/** What an agent on a bus says of itself. */
export type AgentDescription = z.output<typeof AgentDescription>;

/** Reads what an agent says of itself; throws where that is no description. */
export function parseDescription(text: string): AgentDescription {
  if (Buffer.byteLength(text) > mostBytes) {
    throw new RangeError(`a description may have ${mostBytes} bytes`);
  }
  return AgentDescription.parse(JSON.parse(text));
}
