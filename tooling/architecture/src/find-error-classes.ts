import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { entriesOf, products, rootFolder, sourceFilesOf, type Member } from "./workspace.ts";

/** An error class, as a package exports it. */
export interface ErrorClass {
  readonly name: string;
  /** The package it belongs to. */
  readonly owner: string;
  readonly constructor: ErrorConstructorLike;
}

/** A class whose instances are errors, with the statics that OpError's subclasses declare. */
export interface ErrorConstructorLike {
  readonly name: string;
  readonly prototype: Error;
  readonly code?: unknown;
  readonly meaning?: unknown;
}

/** Every error class of the product: what libraries export, and what the app declares in its `*-error.ts`. */
export async function findErrorClasses(): Promise<ErrorClass[]> {
  const found = await Promise.all(
    products.map(async (member) => {
      const loaded = await Promise.all(filesToLoad(member).map(loadModule));
      const classes = new Set(
        loaded.flatMap((module) => Object.values(module)).filter(isErrorClass),
      );
      return [...classes].map((constructor) => ({
        name: constructor.name,
        owner: member.name,
        constructor,
      }));
    }),
  );
  return found.flat();
}

function filesToLoad(member: Member): string[] {
  const entries = entriesOf(member).filter(({ specifier }) => !specifier.endsWith("/testing"));
  if (entries.length > 0) return entries.map(({ file }) => file);
  return sourceFilesOf(member, "src")
    .filter(({ path }) => path.endsWith("-error.ts"))
    .map(({ path }) => join(rootFolder, path));
}

/** Imports a module of the checkout for its exports. */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const loaded: Readonly<Record<string, unknown>> = await import(
    /* @vite-ignore */ pathToFileURL(file).href
  );
  return loaded;
}

function isErrorClass(value: unknown): value is ErrorConstructorLike {
  return typeof value === "function" && value.prototype instanceof Error;
}
