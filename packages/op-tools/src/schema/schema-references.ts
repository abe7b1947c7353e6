import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** What `$id` and anchors of one schema name, for looking references up without leaving it. */
export interface SchemaReferences {
  /** Learns the names that one schema within the whole gives itself. */
  learn(schema: JsonObject): void;
  /** The schema a `$ref` means, or `undefined` when it is not in here. */
  resolve(ref: string): JsonValue | undefined;
}

/** Starts knowing the root alone. */
export function createSchemaReferences(root: JsonObject): SchemaReferences {
  const names = new Map<string, JsonObject>([["", root]]);
  const base = typeof root["$id"] === "string" ? root["$id"] : undefined;

  return {
    learn: (schema) => {
      for (const keyword of ["$anchor", "$dynamicAnchor"]) {
        const anchor = schema[keyword];
        if (typeof anchor === "string") names.set(`#${anchor}`, schema);
      }
      const id = schema["$id"];
      if (typeof id !== "string") return;
      names.set(withoutFragment(id), schema);
      // Before 2019-09 an `$id` of only a fragment was what an anchor is now.
      if (id.startsWith("#")) names.set(id, schema);
      const absolute = URL.parse(id, base);
      if (absolute !== null) names.set(withoutFragment(absolute.href), schema);
    },
    resolve: (ref) => {
      const anchored = names.get(ref);
      if (anchored !== undefined) return anchored;
      const document = withoutFragment(ref);
      const absolute = URL.parse(document, base)?.href;
      const home =
        names.get(document) ?? (absolute === undefined ? undefined : names.get(absolute));
      return home === undefined ? undefined : followFragment(home, ref.slice(document.length));
    },
  };
}

function withoutFragment(uri: string): string {
  return uri.split("#", 1)[0] ?? uri;
}

function followFragment(schema: JsonObject, fragment: string): JsonValue | undefined {
  if (fragment === "" || fragment === "#") return schema;
  if (fragment.startsWith("#/")) return followPointer(schema, decodeFragment(fragment.slice(1)));
  return undefined;
}

/** What is not properly encoded is taken as it stands. */
function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** The names a JSON pointer goes through. */
export function pointerSegments(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value a JSON pointer points at. */
export function followPointer(root: JsonValue, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const segment of pointerSegments(pointer)) value = memberOf(value, segment);
  return value;
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
