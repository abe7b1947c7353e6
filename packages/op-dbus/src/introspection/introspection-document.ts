import type { NodeDescription } from "./description.ts";
import { parseIntrospectionXml } from "./parse-introspection-xml.ts";

/** A document and what it says. */
export interface IntrospectionDocument {
  readonly xml: string;
  readonly description: NodeDescription;
}

/** Reads each different document once: most objects of a service are described by the same few. */
export class IntrospectionDocuments {
  readonly #known = new Map<string, IntrospectionDocument>();

  /** How many different documents there were. */
  get size(): number {
    return this.#known.size;
  }

  /** The document of this text; throws `ERR_DBUS_INTROSPECTION`. */
  read(xml: string): IntrospectionDocument {
    const known = this.#known.get(xml);
    if (known !== undefined) return known;
    const document = { xml, description: parseIntrospectionXml(xml) };
    this.#known.set(xml, document);
    return document;
  }
}
