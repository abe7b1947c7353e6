import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { toUriScheme } from "./uri-scheme.ts";

/** Turns an upstream's URIs into ones that nobody else has, and back. */
export interface UriMap {
  /** Whether a URI may belong to the upstream. */
  owns(uri: string): boolean;
  toPublic(uri: string): string;
  toUpstream(uri: string): string;
}

const sameUris: UriMap = {
  owns: () => true,
  toPublic: (uri) => uri,
  toUpstream: (uri) => uri,
};

/**
 * Makes the maps of all upstreams, by name. A URI keeps its form and gets the upstream into its scheme: `file:///a` of
 * `docs` becomes `docs+file:///a`. Upstreams whose names are spelt alike are told apart by numbers, in their order.
 */
export function createUriMaps(
  upstreams: readonly { readonly name: string; readonly keepUris?: boolean }[],
): ReadonlyMap<string, UriMap> {
  const taken = new Set<string>();
  return new Map(
    upstreams.map(({ name, keepUris = false }) => {
      if (keepUris) return [name, sameUris];
      const wanted = toUriScheme(name);
      let scheme = wanted;
      for (let number = 2; taken.has(scheme); number += 1) scheme = `${wanted}-${number}`;
      taken.add(scheme);
      return [name, createUriMap(`${scheme}+`)];
    }),
  );
}

function createUriMap(prefix: string): UriMap {
  return {
    owns: (uri) => uri.startsWith(prefix),
    toPublic: (uri) => `${prefix}${uri}`,
    toUpstream: (uri) => (uri.startsWith(prefix) ? uri.slice(prefix.length) : uri),
  };
}

/** Whether a block is a link to a resource, or has one in it. */
export function namesResource(block: JsonValue): boolean {
  if (!isJsonObject(block)) return false;
  const { type } = block;
  return type === "resource_link" || type === "resource";
}

/** The same content with its links and embedded resources under public URIs; everything else is as it was. */
export function mapContent(block: JsonValue, uris: UriMap): JsonValue {
  if (!isJsonObject(block) || uris === sameUris) return block;
  if (block["type"] === "resource_link") return mapUri(block, uris);
  const { type, resource } = block;
  return type === "resource" && isJsonObject(resource)
    ? { ...block, resource: mapUri(resource, uris) }
    : block;
}

/** The same object with its `uri` made public. */
export function mapUri(object: JsonObject, uris: UriMap): JsonObject {
  const { uri } = object;
  return typeof uri === "string" ? { ...object, uri: uris.toPublic(uri) } : object;
}
