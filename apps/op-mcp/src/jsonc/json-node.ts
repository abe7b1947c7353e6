import type { JsonValue } from "op-core";

/** A value of a JSON text and where it stands: `start` is the offset of its first character, `end` the one after its last. */
export type JsonNode = ObjectNode | ArrayNode | ScalarNode;

/** A `{…}`. */
export interface ObjectNode {
  readonly kind: "object";
  readonly start: number;
  readonly end: number;
  readonly members: readonly JsonMember[];
  /** Whether a comma follows the last member. */
  readonly hasTrailingComma: boolean;
}

/** A `[…]`. */
export interface ArrayNode {
  readonly kind: "array";
  readonly start: number;
  readonly end: number;
  readonly items: readonly JsonNode[];
}

/** A string, number, boolean or null. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly start: number;
  readonly end: number;
  readonly value: string | number | boolean | null;
}

/** One `"key": value`; `start` is where the key's quote stands. */
export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly value: JsonNode;
}

/** The member that counts when a key appears more than once: the last one, as in `JSON.parse`. */
export function findMember(node: JsonNode, key: string): JsonMember | undefined {
  return node.kind === "object" ? node.members.findLast((member) => member.key === key) : undefined;
}

/** Follows keys and indexes down; `undefined` where the path leaves the text. */
export function findNode(root: JsonNode, path: readonly (string | number)[]): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = childOf(node, step);
  }
  return node;
}

/** The plain value. A key named `__proto__` becomes an ordinary property. */
export function toJsonValue(node: JsonNode): JsonValue {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "array") return node.items.map(toJsonValue);
  return Object.fromEntries(node.members.map((member) => [member.key, toJsonValue(member.value)]));
}

function childOf(node: JsonNode, step: string | number): JsonNode | undefined {
  if (node.kind === "array") return node.items[Number(step)];
  return findMember(node, String(step))?.value;
}
