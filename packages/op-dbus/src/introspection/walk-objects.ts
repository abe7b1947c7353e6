import { createSemaphore, formatError, isOpError, type Semaphore } from "op-core";
import type { BusConnection, CallOptions } from "../connection/bus-connection.ts";
import { childPath, parseObjectPath, type ObjectPath } from "../names/object-path.ts";
import { getManagedObjects } from "../proxy/managed-objects.ts";
import { createProxy } from "../proxy/proxy.ts";
import { introspectableInterface, objectManagerInterface } from "../proxy/standard-interfaces.ts";
import { IntrospectionDocuments, type IntrospectionDocument } from "./introspection-document.ts";

/** What bounds a walk over a service's objects. */
export interface WalkOptions {
  /** Where it begins; at the root unless told. */
  readonly path?: string;
  readonly signal?: AbortSignal | undefined;
  /** How many objects are asked at the same time; 5 unless told. */
  readonly parallelism?: number;
  /** How many objects are taken; 10,000 unless told. */
  readonly maxObjects?: number;
  /** How many children of one object are taken; 2,000 unless told. */
  readonly maxChildren?: number;
  /** How deep objects may lie; 32 unless told. */
  readonly maxDepth?: number;
  /** How long each object may take to answer; 5 seconds unless told. */
  readonly timeoutMs?: number;
}

/** An object and the document that describes it; objects of the same kind share it. */
export interface WalkedObject {
  readonly path: ObjectPath;
  readonly document: IntrospectionDocument;
}

/** Objects that were not looked at, and why. */
export interface WalkGap {
  readonly path: ObjectPath;
  readonly problem: string;
}

/** The objects of a service, sorted by path. */
export interface ServiceTree {
  readonly objects: readonly WalkedObject[];
  readonly gaps: readonly WalkGap[];
}

const defaultWalkOptions = {
  path: "/",
  parallelism: 5,
  maxObjects: 10_000,
  maxChildren: 2000,
  maxDepth: 32,
  timeoutMs: 5000,
};

/**
 * Asks a running service for its objects, several at a time. Objects that do not answer, and those beyond the bounds,
 * become gaps. Nothing is started: of a service that does not run only the gap at the beginning is left.
 */
export async function walkObjects(
  bus: BusConnection,
  destination: string,
  options: WalkOptions = {},
): Promise<ServiceTree> {
  const walk = new Walk(bus, destination, { ...defaultWalkOptions, ...options });
  return await walk.run();
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

class Walk {
  readonly #bus: BusConnection;
  readonly #destination: string;
  readonly #options: WalkOptions & typeof defaultWalkOptions;
  readonly #semaphore: Semaphore;
  readonly #documents = new IntrospectionDocuments();
  readonly #objects: WalkedObject[] = [];
  readonly #gaps: WalkGap[] = [];
  readonly #seen = new Set<ObjectPath>();

  constructor(
    bus: BusConnection,
    destination: string,
    options: WalkOptions & typeof defaultWalkOptions,
  ) {
    this.#bus = bus;
    this.#destination = destination;
    this.#options = options;
    this.#semaphore = createSemaphore({
      permits: options.parallelism,
      maxQueue: options.maxObjects,
    });
  }

  async run(): Promise<ServiceTree> {
    await this.#visit(parseObjectPath(this.#options.path), 0);
    return { objects: this.#objects.toSorted(byPath), gaps: this.#gaps.toSorted(byPath) };
  }

  async #visit(path: ObjectPath, depth: number): Promise<void> {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const document = await this.#ask(path);
    if (document === undefined) return;
    const { interfaces, children } = document.description;
    if (interfaces.length > 0) this.#objects.push({ path, document });
    const paths = children.map((child) => childPath(path, child));
    const isManager = interfaces.some(({ name }) => name === objectManagerInterface.name);
    if (isManager) paths.push(...(await this.#listManaged(path)));
    await Promise.all(this.#choose(path, paths, depth).map((next) => this.#visit(next, depth + 1)));
  }

  /** Object managers know objects that the documents above these need not mention. */
  async #listManaged(path: ObjectPath): Promise<readonly ObjectPath[]> {
    const objects = await this.#try(path, (options) => {
      const manager = { destination: this.#destination, path };
      return getManagedObjects(this.#bus, manager, options);
    });
    return [...(objects?.keys() ?? [])];
  }

  /** Those that were not seen yet and are within the bounds. */
  #choose(path: ObjectPath, paths: readonly ObjectPath[], depth: number): readonly ObjectPath[] {
    const { maxObjects, maxChildren, maxDepth } = this.#options;
    const unseen = [...new Set(paths)].filter((next) => !this.#seen.has(next));
    const room = depth >= maxDepth ? 0 : Math.min(maxChildren, maxObjects - this.#seen.size);
    const left = unseen.length - Math.max(0, room);
    if (left > 0)
      this.#gaps.push({ path, problem: `${left} of the objects below it were left out.` });
    return unseen.slice(0, Math.max(0, room));
  }

  async #ask(path: ObjectPath): Promise<IntrospectionDocument | undefined> {
    return await this.#try(path, async (options) => {
      const address = { destination: this.#destination, path };
      const proxy = createProxy(this.#bus, introspectableInterface, address);
      const [xml] = await proxy.call("Introspect", [], options);
      return this.#documents.read(xml);
    });
  }

  async #try<T>(
    path: ObjectPath,
    fn: (options: CallOptions) => Promise<T>,
  ): Promise<T | undefined> {
    const { signal, timeoutMs } = this.#options;
    using _permit = await this.#semaphore.acquire({ signal });
    try {
      return await fn({ signal, timeoutMs, noAutoStart: true });
    } catch (error) {
      signal?.throwIfAborted();
      if (!isOpError(error)) throw error;
      this.#gaps.push({ path, problem: formatError(error) });
      return undefined;
    }
  }
}
