import type { JsonObject } from "op-core";
import type { Risk } from "./risk.ts";

/** Hints for clients, as MCP defines them. */
export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** A JSON Schema (2020-12 unless `$schema` says otherwise) whose root describes an object. */
export type ObjectSchema = JsonObject & { readonly type: "object" };

/** An icon a client may show, as MCP defines it. */
export interface Icon {
  readonly src: string;
  readonly mimeType?: string;
  readonly sizes?: readonly string[];
  readonly theme?: "light" | "dark";
}

/** How a definition was written that came from elsewhere, so that it can be shown again as it was. */
export interface WrittenForm {
  /** The fields that it had, in their order. */
  readonly fields: readonly string[];
  /** Those that a descriptor has no place for, or that are not what a descriptor says they are. */
  readonly others?: JsonObject;
}

/** What a list or a search needs to know of a tool. Plain JSON: it is saved in the manifest and costs no loading. */
export interface ToolDescriptor {
  /** Unique within its source; what clients see may be prefixed, see `names/`. */
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema?: JsonObject;
  readonly annotations: ToolAnnotations;
  /** One word that groups tools across sources, for example `network`. */
  readonly category: string;
  readonly tags: readonly string[];
  /** The name of the source it comes from. */
  readonly source: string;
  readonly risk: Risk;
  readonly icons?: readonly Icon[];
  readonly _meta?: JsonObject;
  readonly written?: WrittenForm;
}
