import { basename } from "node:path";
import type { ClientFormat } from "op-aggregator/import";
import type { JsonObject } from "op-core";
import { valuePlace } from "../../upstreams/value-names.ts";

type Texts = Readonly<Record<string, string>>;

/** What a client knows that it fills into the texts of its servers. */
export interface ClientPlace {
  /** The user's home. */
  readonly home: string | undefined;
  /** The project whose file it is; nothing where it is the user's. */
  readonly folder: string | undefined;
  /** What it asks a person for, as its file says it. */
  readonly inputs: readonly JsonObject[];
}

/** What a client would put somewhere. */
type Filling =
  | { readonly kind: "variable"; readonly name: string; readonly fallback?: string | undefined }
  | { readonly kind: "input"; readonly id: string }
  | { readonly kind: "text"; readonly text: string }
  /** Only the client knows. */
  | { readonly kind: "unknown" };

const placeholder = /\$\{(?<inside>[^}]+)\}|\$(?<bare>[A-Za-z_][A-Za-z0-9_]*)/gu;
const variable = /^(?<env>env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<fallback>.*))?$/su;
const inputId = /^input:(?<id>[A-Za-z_][A-Za-z0-9_-]*)$/u;

/** Clients that fill in variables by name; editors say `env:` before it, and others fill in nothing. */
const byName: ReadonlySet<ClientFormat> = new Set(["mcp-json", "gemini"]);
const editors: ReadonlySet<ClientFormat> = new Set(["vscode", "cursor"]);

/** Reads what a client fills into the texts of one server. */
export class PlaceholderReader {
  readonly #format: ClientFormat;
  readonly #place: ClientPlace;
  readonly #values: Record<string, string> = {};
  readonly #notes = new Set<string>();

  constructor(format: ClientFormat, place: ClientPlace) {
    this.#format = format;
    this.#place = place;
  }

  /** What the texts that were read need. */
  get values(): Texts {
    return this.#values;
  }

  /** What a person has to look at. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** The reference that a whole text stands for. People write variables so whatever their client makes of it. */
  toReference(text: string): string | undefined {
    const [match, ...others] = text.matchAll(placeholder);
    if (match === undefined || others.length > 0 || match[0] !== text) return undefined;
    const { inside, bare } = match.groups ?? {};
    if (bare !== undefined) return this.#format === "gemini" ? `env:${bare}` : undefined;
    const filling = toFilling(inside ?? "", "mcp-json") ?? this.#editorFilling(inside ?? "");
    if (filling?.kind === "variable" && filling.fallback === undefined)
      return `env:${filling.name}`;
    return filling?.kind === "input" ? this.#askFor(filling.id) : undefined;
  }

  /** The text as op-mcp's configuration says it. */
  read(text: string): string {
    return text.replaceAll(placeholder, (whole, inside?: string, bare?: string) => {
      if (bare !== undefined)
        return this.#format === "gemini"
          ? this.#write(whole, { kind: "variable", name: bare })
          : whole;
      const filling = toFilling(inside ?? "", this.#format) ?? this.#editorFilling(inside ?? "");
      return filling === undefined ? whole : this.#write(whole, filling);
    });
  }

  #write(whole: string, filling: Filling): string {
    if (filling.kind === "text") return filling.text;
    if (filling.kind === "unknown") {
      this.#notes.add(`${whole} stays as it is written: what to put there only the client knows`);
      return whole;
    }
    if (filling.kind === "input") {
      this.#values[filling.id] = this.#askFor(filling.id);
      const { default: given } = this.#inputOf(filling.id);
      return typeof given === "string" ? `\${${filling.id}:-${given}}` : `\${${filling.id}}`;
    }
    const { name, fallback } = filling;
    this.#values[name] = `env:${name}`;
    return fallback === undefined ? `\${${name}}` : `\${${name}:-${fallback}}`;
  }

  /** A variable stands for what the client asks a person for. */
  #askFor(id: string): string {
    const name = id.toUpperCase().replaceAll("-", "_");
    const { description } = this.#inputOf(id);
    const what = typeof description === "string" ? ` (${description})` : "";
    this.#notes.add(
      `the client asks for \${input:${id}}${what}; op-mcp takes it from the variable ${name}, or from where you write instead of env:${name}`,
    );
    return `env:${name}`;
  }

  #inputOf(wanted: string): JsonObject {
    return this.#place.inputs.find(({ id }) => id === wanted) ?? {};
  }

  #editorFilling(inside: string): Filling | undefined {
    if (!editors.has(this.#format)) return undefined;
    const id = inputId.exec(inside)?.groups?.["id"];
    if (id !== undefined) return { kind: "input", id };
    const { home, folder } = this.#place;
    const known: Readonly<Record<string, string | undefined>> = {
      userHome: home,
      workspaceFolder: folder,
      workspaceFolderBasename: folder && basename(folder),
      pathSeparator: "/",
      "/": "/",
    };
    const text = Object.hasOwn(known, inside) ? known[inside] : undefined;
    return text === undefined ? { kind: "unknown" } : { kind: "text", text };
  }
}

function toFilling(inside: string, format: ClientFormat): Filling | undefined {
  const { env, name, fallback } = variable.exec(inside)?.groups ?? {};
  const isKnown = byName.has(format) || (editors.has(format) && env !== undefined);
  return name === undefined || !isKnown ? undefined : { kind: "variable", name, fallback };
}

/** A variable as a client fills it in. */
export function writeVariable(format: ClientFormat, name: string, fallback?: string): string {
  if (editors.has(format)) return `\${env:${name}}`;
  return fallback === undefined ? `\${${name}}` : `\${${name}:-${fallback}}`;
}

/** A text of op-mcp's configuration as a client's file says it. What is no variable nobody else can fill in. */
export function writeText(text: string, values: Texts, format: ClientFormat): string {
  return text.replaceAll(valuePlace, (whole, name: string, fallback: string | undefined) => {
    const reference = Object.hasOwn(values, name) ? values[name] : undefined;
    return reference?.startsWith("env:") === true
      ? writeVariable(format, reference.slice(4), fallback)
      : whole;
  });
}
