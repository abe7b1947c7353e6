import { IntrospectionError } from "../dbus-error.ts";
import { isInterfaceName } from "../names/interface-name.ts";
import { isMemberName } from "../names/member-name.ts";
import { InvalidSignatureError } from "../dbus-error.ts";
import { parseType } from "../signature/parse-signature.ts";
import type {
  ArgumentDescription,
  InterfaceDescription,
  NodeDescription,
  PropertyAccess,
} from "./description.ts";
import { XmlReader, type XmlToken } from "./xml-reader.ts";

type Attributes = ReadonlyMap<string, string>;

/** An element with what was inside of it. */
interface Element {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: Element[];
  readonly annotations: Map<string, string>;
  /** The comment before it, which is where many services explain things. */
  readonly comment: string | undefined;
  text: string;
}

/** How many members one document may describe. */
const maxMembers = 20_000;

/**
 * Reads an introspection document. Documents come from services and are not trusted: members that make no sense are left
 * out and named in `problems`. Throws `ERR_DBUS_INTROSPECTION` for what is no document, or too large a one.
 */
export function parseIntrospectionXml(text: string): NodeDescription {
  const root = readElements(new XmlReader(text));
  if (root.name !== "node") throw new IntrospectionError(`it is a <${root.name}>, not a <node>`);
  return new NodeBuilder().build(root);
}

function readElements(reader: XmlReader): Element {
  const stack: Element[] = [];
  let root: Element | undefined;
  let comment: string | undefined;
  let count = 0;
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    const parent = stack.at(-1);
    if (token.kind === "open") {
      count += 1;
      if (count > maxMembers * 8) throw new IntrospectionError("it has too many elements");
      if (parent === undefined && root !== undefined)
        throw new IntrospectionError("it has two roots");
      const element = toElement(token, comment);
      parent?.children.push(element);
      root ??= element;
      stack.push(element);
    } else if (token.kind === "close") {
      stack.pop();
      if (parent !== undefined) noteAnnotation(parent, stack.at(-1));
    } else if (token.kind === "text" && parent !== undefined) {
      parent.text += parent.text === "" ? token.text : `\n${token.text}`;
    }
    comment = token.kind === "comment" ? token.text : undefined;
  }
  if (root === undefined) throw new IntrospectionError("it is empty");
  return root;
}

function toElement(
  { name, attributes }: XmlToken & { readonly kind: "open" },
  comment: string | undefined,
): Element {
  return { name, attributes, children: [], annotations: new Map(), comment, text: "" };
}

function noteAnnotation({ name, attributes }: Element, parent: Element | undefined): void {
  const annotation = attributes.get("name");
  if (name !== "annotation" || annotation === undefined) return;
  parent?.annotations.set(annotation, attributes.get("value") ?? "");
}

const relativePath = /^[A-Za-z0-9_]+(?:\/[A-Za-z0-9_]+)*$/;

class NodeBuilder {
  readonly #problems: string[] = [];
  #members = 0;

  build({ children }: Element): NodeDescription {
    return {
      interfaces: children.flatMap((child) =>
        child.name === "interface" ? this.#interface(child) : [],
      ),
      children: children.flatMap((child) => (child.name === "node" ? this.#child(child) : [])),
      problems: this.#problems,
    };
  }

  #child({ attributes }: Element): readonly string[] {
    const name = attributes.get("name") ?? "";
    // Some services write the whole path, and the bus the way to an object that is further below.
    const relative = name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) : name;
    return relativePath.test(relative) ? [relative] : this.#leaveOut("node", name);
  }

  #interface(element: Element): readonly InterfaceDescription[] {
    const name = element.attributes.get("name") ?? "";
    if (!isInterfaceName(name)) return this.#leaveOut("interface", name);
    const of = <T>(kind: string, build: (child: Element) => T): readonly T[] =>
      element.children.flatMap((child) =>
        child.name === kind ? this.#member(child, `${name}.`, build) : [],
      );
    return [
      {
        ...describe(element, name),
        methods: of("method", (child) => ({
          inputs: readArguments(child, (direction) => direction !== "out"),
          outputs: readArguments(child, (direction) => direction === "out"),
          ...describe(child, child.attributes.get("name") ?? ""),
        })),
        signals: of("signal", (child) => ({
          arguments: readArguments(child, () => true),
          ...describe(child, child.attributes.get("name") ?? ""),
        })),
        properties: of("property", (child) => ({
          type: readType(child),
          access: readAccess(child),
          ...describe(child, child.attributes.get("name") ?? ""),
        })),
      },
    ];
  }

  #member<T>(element: Element, prefix: string, build: (element: Element) => T): readonly T[] {
    const name = element.attributes.get("name") ?? "";
    this.#members += 1;
    if (this.#members > maxMembers) throw new IntrospectionError("it has too many members");
    if (!isMemberName(name)) return this.#leaveOut(element.name, prefix + name);
    try {
      return [build(element)];
    } catch (error) {
      if (!(error instanceof InvalidSignatureError)) throw error;
      return this.#leaveOut(element.name, prefix + name);
    }
  }

  #leaveOut(kind: string, name: string): readonly never[] {
    this.#problems.push(`the ${kind} ${JSON.stringify(name.slice(0, 100))} makes no sense`);
    return [];
  }
}

function describe(
  element: Element,
  name: string,
): Pick<InterfaceDescription, "name" | "annotations" | "documentation"> {
  return { name, annotations: element.annotations, documentation: readDocumentation(element) };
}

function readArguments(
  { children }: Element,
  isWanted: (direction: string | undefined) => boolean,
): readonly ArgumentDescription[] {
  return children
    .filter((child) => child.name === "arg" && isWanted(child.attributes.get("direction")))
    .map((child) => ({
      name: child.attributes.get("name") ?? "",
      type: readType(child),
      documentation: readDocumentation(child),
    }));
}

function readType({ attributes }: Element): string {
  const type = attributes.get("type") ?? "";
  parseType(type);
  return type;
}

function readAccess({ attributes }: Element): PropertyAccess {
  const access = attributes.get("access");
  return access === "write" || access === "readwrite" ? access : "read";
}

const documentationAnnotations = [
  "org.freedesktop.DBus.DocString",
  "org.gtk.GDBus.DocString",
] as const;

/** Services explain themselves in annotations, in Telepathy's `doc:doc` elements, or in comments. */
function readDocumentation({ annotations, children, comment }: Element): string | undefined {
  for (const name of documentationAnnotations) {
    const text = annotations.get(name);
    if (text !== undefined) return text;
  }
  const documentation = children.find(({ name }) => name === "doc:doc");
  return documentation === undefined ? comment : collectText(documentation);
}

function collectText({ text, children }: Element): string {
  return [text, ...children.map(collectText)].filter((part) => part !== "").join("\n");
}
