import { IntrospectionError } from "../dbus-error.ts";

/** One piece of a document. */
export type XmlToken =
  | {
      readonly kind: "open";
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
    }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "comment"; readonly text: string };

/** How much of a document from an untrusted service is taken. */
const xmlLimits = { characters: 16 * 1024 * 1024, depth: 64, attributes: 64 } as const;

const predefined: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

const space = 0x20;
const slash = 0x2f;
const equals = 0x3d;
const greater = 0x3e;

/**
 * Reads the part of XML that introspection documents are written in: elements, attributes, text, comments and the
 * predefined entities. It knows no other entities, no namespaces and no declarations inside of a document, so nothing
 * can expand or reach outside.
 */
export class XmlReader {
  readonly #text: string;
  readonly #open: string[] = [];
  #position = 0;
  #selfClosed: string | undefined;

  constructor(text: string) {
    if (text.length > xmlLimits.characters) {
      throw new IntrospectionError(`it is longer than ${xmlLimits.characters} characters`);
    }
    this.#text = text;
  }

  /** The next piece, or undefined at the end; throws `ERR_DBUS_INTROSPECTION`. */
  next(): XmlToken | undefined {
    if (this.#selfClosed !== undefined) return this.#closeSelf(this.#selfClosed);
    for (;;) {
      if (this.#position >= this.#text.length) return this.#end();
      if (this.#text[this.#position] !== "<") {
        const token = this.#readText();
        if (token !== undefined) return token;
      } else {
        const token = this.#readMarkup();
        if (token !== undefined) return token;
      }
    }
  }

  #end(): undefined {
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw this.#fail(`<${unclosed}> is not closed`);
    return undefined;
  }

  #closeSelf(name: string): XmlToken {
    this.#selfClosed = undefined;
    return { kind: "close", name };
  }

  /** Space between elements says nothing. */
  #readText(): XmlToken | undefined {
    const end = this.#text.indexOf("<", this.#position);
    const raw = this.#text.slice(this.#position, end === -1 ? undefined : end);
    const text = raw.trim();
    if (text !== "" && this.#open.length === 0) throw this.#fail("text is outside of the document");
    const token = text === "" ? undefined : { kind: "text" as const, text: this.#decode(text) };
    this.#position += raw.length;
    return token;
  }

  #readMarkup(): XmlToken | undefined {
    const text = this.#text;
    const at = this.#position;
    if (text.startsWith("</", at)) return this.#readClose();
    if (text.startsWith("<!--", at)) return this.#readComment();
    if (text.startsWith("<![CDATA[", at)) return this.#readCharacterData();
    if (text.startsWith("<?", at)) {
      this.#position = this.#after("?>", at + 2);
      return undefined;
    }
    if (text.startsWith("<!", at)) return this.#skipDoctype();
    return this.#readOpen();
  }

  #readComment(): XmlToken {
    const start = this.#position + 4;
    this.#position = this.#after("-->", start);
    return { kind: "comment", text: this.#text.slice(start, this.#position - 3).trim() };
  }

  #readCharacterData(): XmlToken {
    const start = this.#position + 9;
    this.#position = this.#after("]]>", start);
    return { kind: "text", text: this.#text.slice(start, this.#position - 3) };
  }

  /** Declarations inside of the document are where entities come from. */
  #skipDoctype(): undefined {
    const end = this.#after(">", this.#position);
    if (this.#text.slice(this.#position, end).includes("[")) {
      throw this.#fail("it declares things, which is not allowed");
    }
    this.#position = end;
    return undefined;
  }

  #readClose(): XmlToken {
    this.#position += 2;
    const name = this.#readName();
    if (this.#open.pop() !== name) throw this.#fail(`</${name}> closes nothing`);
    this.#skipSpace();
    this.#expect(greater);
    return { kind: "close", name };
  }

  #readOpen(): XmlToken {
    this.#position += 1;
    const name = this.#readName();
    const attributes = this.#readAttributes();
    if (this.#text.charCodeAt(this.#position) === slash) {
      this.#position += 1;
      this.#selfClosed = name;
    } else if (this.#open.push(name) > xmlLimits.depth) {
      throw this.#fail("it is nested too deeply");
    }
    this.#expect(greater);
    return { kind: "open", name, attributes };
  }

  #readAttributes(): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      this.#skipSpace();
      const code = this.#text.charCodeAt(this.#position);
      if (code === greater || code === slash) return attributes;
      if (attributes.size === xmlLimits.attributes) throw this.#fail("it has too many attributes");
      const name = this.#readName();
      this.#skipSpace();
      this.#expect(equals);
      this.#skipSpace();
      attributes.set(name, this.#readQuoted());
    }
  }

  #readQuoted(): string {
    const quote = this.#text.charAt(this.#position);
    if (quote !== '"' && quote !== "'") throw this.#fail("an attribute has no quotes");
    const start = this.#position + 1;
    this.#position = this.#after(quote, start);
    const value = this.#text.slice(start, this.#position - 1);
    if (value.includes("<")) throw this.#fail("an attribute contains <");
    return this.#decode(value);
  }

  /** Names go on until something that cannot be in them; patterns would be shorter, and seven times slower. */
  #readName(): string {
    const start = this.#position;
    let end = start;
    for (;;) {
      const code = this.#text.charCodeAt(end);
      // Beyond the end the code is not a number, which compares as false.
      if (!(code > space) || code === greater || code === slash || code === equals) break;
      end += 1;
    }
    if (end === start) throw this.#fail("a name is missing");
    this.#position = end;
    return this.#text.slice(start, end);
  }

  #skipSpace(): void {
    while (this.#text.charCodeAt(this.#position) <= space) this.#position += 1;
  }

  #expect(code: number): void {
    if (this.#text.charCodeAt(this.#position) !== code) {
      throw this.#fail(`${String.fromCharCode(code)} is missing`);
    }
    this.#position += 1;
  }

  #after(end: string, from: number): number {
    const at = this.#text.indexOf(end, from);
    if (at === -1) throw this.#fail(`${end} is missing`);
    return at + end.length;
  }

  #decode(text: string): string {
    if (!text.includes("&")) return text;
    return text.replaceAll(/&([^;&]{0,32});?/g, (whole, name: string) => {
      const character = whole.endsWith(";") ? toCharacter(name) : undefined;
      if (character === undefined)
        throw this.#fail(`the entity ${JSON.stringify(whole)} is unknown`);
      return character;
    });
  }

  #fail(problem: string): IntrospectionError {
    return new IntrospectionError(problem, this.#position);
  }
}

function toCharacter(entity: string): string | undefined {
  if (!entity.startsWith("#")) return predefined.get(entity);
  const code = /^#x[0-9a-f]{1,6}$/i.test(entity)
    ? Number.parseInt(entity.slice(2), 16)
    : /^#[0-9]{1,7}$/.test(entity)
      ? Number.parseInt(entity.slice(1), 10)
      : Number.NaN;
  const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
