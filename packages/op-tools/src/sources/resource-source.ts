import type { JsonObject } from "op-core";
import type { Principal } from "../tool/tool-context.ts";
import type { Icon } from "../tool/tool-descriptor.ts";
import type { ContentAnnotations, ResourceContents } from "../tool/tool-result.ts";
import type { SourceOptions } from "./tool-source.ts";

/** A resource as a list shows it. */
export interface ResourceDescriptor {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly size?: number;
  readonly annotations?: ContentAnnotations;
  readonly icons?: readonly Icon[];
  readonly _meta?: JsonObject;
}

/** A family of resources, by an RFC 6570 template. */
export interface ResourceTemplateDescriptor extends Omit<ResourceDescriptor, "uri" | "size"> {
  readonly uriTemplate: string;
}

/** What reading takes besides the URI. */
export interface ReadOptions extends SourceOptions {
  readonly principal: Principal;
}

/** Contents, and what is said besides: other fields are told too. */
export interface ReadResult {
  readonly contents: readonly ResourceContents[];
  readonly _meta?: JsonObject;
}

/** What happened to a source's resources. */
export type ResourceSourceChange =
  | { readonly kind: "resource-updated"; readonly uri: string }
  | { readonly kind: "resource-list-changed" };

/** Something that offers resources. An unknown URI rejects with `ERR_RESOURCE_NOT_FOUND`. */
export interface ResourceSource extends AsyncDisposable {
  readonly name: string;
  list(options: SourceOptions): AsyncIterable<ResourceDescriptor>;
  templates?(options: SourceOptions): AsyncIterable<ResourceTemplateDescriptor>;
  /** Whether this source answers for the URI; asked of each source in turn. */
  owns(uri: string): boolean;
  read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]>;
  /** The same where there is more to say than contents; clients get this where it is offered. */
  readWhole?(uri: string, options: ReadOptions): Promise<ReadResult>;
  /** Values for a template's variable that start with `value`. */
  complete?(request: CompletionRequest, options: ReadOptions): Promise<Completion>;
  /**
   * Resolves once changes of a resource are told to a client that subscribed to it, which goes on until the signal
   * aborts. Rejects where the principal may not hear of them: then the subscription is refused with this error.
   */
  follow?(uri: string, options: ReadOptions): Promise<void>;
  changes?(options: SourceOptions): AsyncIterable<ResourceSourceChange>;
}

/** What a client wants completed. */
export interface CompletionRequest {
  /** A prompt's name or a resource's URI template. */
  readonly of: string;
  readonly argument: string;
  readonly value: string;
  /** Arguments that are already known. */
  readonly known: Readonly<Record<string, string>>;
}

/** Proposed values, at most a hundred. Other fields of it are told too. */
export interface Completion {
  readonly values: readonly string[];
  readonly total?: number;
  /** Whether there are more; said where `total` tells it, unless told. */
  readonly hasMore?: boolean;
  /** Of the answer as a whole. */
  readonly _meta?: JsonObject;
}
