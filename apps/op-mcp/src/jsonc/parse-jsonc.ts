import type { ArrayNode, JsonMember, JsonNode, ObjectNode, ScalarNode } from "./json-node.ts";
import { JsonSyntaxError } from "./jsonc-error.ts";

/** Deeper nesting is refused: it would exhaust the stack. */
const deepest = 200;

/**
 * Reads JSON with comments and trailing commas, as editors write it, and keeps where everything stands. Throws
 * `ERR_JSON_SYNTAX` with line and column.
 */
export function parseJsonc(text: string): JsonNode {
  const scanner = new Scanner(text);
  const root = scanner.value(0);
  scanner.skipTrivia();
  if (!scanner.isAtEnd) scanner.fail(`Expected the end, found ${scanner.found()}`);
  return root;
}

/** The offset after the whitespace and comments that start at `offset`. */
export function skipTrivia(text: string, offset: number): number {
  const scanner = new Scanner(text, offset);
  scanner.skipTrivia();
  return scanner.offset;
}

class Scanner {
  readonly #text: string;
  offset: number;

  constructor(text: string, offset = 0) {
    this.#text = text;
    this.offset = offset;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#text.length;
  }

  value(depth: number): JsonNode {
    this.skipTrivia();
    if (depth > deepest) this.fail(`Nested deeper than ${deepest} levels`);
    const first = this.#text[this.offset];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#string();
    return this.#word();
  }

  skipTrivia(): void {
    for (;;) {
      this.#match(/[ \t\r\n\uFEFF]*/y);
      if (this.#match(/\/\/[^\r\n]*/y) !== undefined) continue;
      if (!this.#text.startsWith("/*", this.offset)) return;
      if (this.#match(/\/\*[^]*?\*\//y) === undefined) this.fail("A comment is not closed");
    }
  }

  /** What stands at the offset, for messages. */
  found(): string {
    if (this.isAtEnd) return "the end of the text";
    const [character = ""] = this.#text.slice(this.offset, this.offset + 2);
    return JSON.stringify(character);
  }

  fail(problem: string): never {
    throw new JsonSyntaxError(problem, this.#text, this.offset);
  }

  #object(depth: number): ObjectNode {
    const start = this.offset;
    const members: JsonMember[] = [];
    this.offset += 1;
    const hasTrailingComma = this.#list("}", () => members.push(this.#member(depth)));
    return { kind: "object", start, end: this.offset, members, hasTrailingComma };
  }

  #array(depth: number): ArrayNode {
    const start = this.offset;
    const items: JsonNode[] = [];
    this.offset += 1;
    this.#list("]", () => items.push(this.value(depth + 1)));
    return { kind: "array", start, end: this.offset, items };
  }

  /** Reads items up to the closing bracket; says whether a comma stood before it. */
  #list(close: "}" | "]", readItem: () => void): boolean {
    let isAfterComma = false;
    for (;;) {
      this.skipTrivia();
      if (this.#take(close)) return isAfterComma;
      readItem();
      this.skipTrivia();
      isAfterComma = this.#take(",");
      if (!isAfterComma && this.#text[this.offset] !== close) {
        this.fail(`Expected "," or "${close}", found ${this.found()}`);
      }
    }
  }

  #member(depth: number): JsonMember {
    if (this.#text[this.offset] !== '"') {
      this.fail(`Expected a key in double quotes, found ${this.found()}`);
    }
    const key = this.#string();
    this.skipTrivia();
    if (!this.#take(":")) this.fail(`Expected ":" after the key, found ${this.found()}`);
    return { key: key.value, start: key.start, value: this.value(depth + 1) };
  }

  #string(): ScalarNode & { readonly value: string } {
    const start = this.offset;
    const literal = this.#match(
      /"(?:[^"\\\p{Cc}]|[\u007F-\u009F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy,
    );
    if (literal === undefined) this.#failInString();
    return { kind: "scalar", start, end: this.offset, value: String(JSON.parse(literal)) };
  }

  #failInString(): never {
    this.#match(/"(?:[^"\\\p{Cc}]|[\u007F-\u009F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/uy);
    if (this.#text[this.offset] === "\\") this.fail("A string has an unknown escape");
    if (this.isAtEnd || this.#text[this.offset] === "\n") this.fail("A string is not closed");
    this.fail(`A string has the control character ${this.found()}`);
  }

  #word(): ScalarNode {
    const start = this.offset;
    const word = this.#match(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (word === undefined) this.fail(`Expected a value, found ${this.found()}`);
    if (/[\w.]/.test(this.#text[this.offset] ?? "")) this.fail(`Unexpected ${this.found()}`);
    const value: unknown = JSON.parse(word);
    const isScalar = value === null || typeof value === "boolean" || typeof value === "number";
    if (!isScalar) this.fail("Expected a value");
    return { kind: "scalar", start, end: this.offset, value };
  }

  #take(character: string): boolean {
    if (this.#text[this.offset] !== character) return false;
    this.offset += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const [match] = pattern.exec(this.#text) ?? [];
    if (match !== undefined) this.offset += match.length;
    return match;
  }
}
