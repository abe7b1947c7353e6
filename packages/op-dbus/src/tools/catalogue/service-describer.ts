import type { Logger } from "op-core";
import type { BusConnection } from "../../connection/bus-connection.ts";
import {
  interfaceDirectories,
  interfacesOfService,
  readInstalledInterfaces,
} from "../../introspection/activatable-services.ts";
import type { InterfaceDescription } from "../../introspection/description.ts";
import { readServiceTree } from "../../introspection/read-service-tree.ts";
import { identifyService } from "../../introspection/service-identity.ts";
import type { ServiceTreeCache } from "../../introspection/service-tree-cache.ts";
import { walkObjects, type ServiceTree } from "../../introspection/walk-objects.ts";
import { describeShape } from "../../object-server/describe-shape.ts";
import type { BusTarget } from "../buses/bus-target.ts";
import { knownShapes } from "./known-shapes.ts";
import {
  interfacesOfDescriptions,
  interfacesOfTree,
  type InterfaceEntry,
  type ServiceEntry,
} from "./service-entry.ts";

/** How services are looked at. */
export interface DescriberOptions {
  /** How many objects of one service are asked at the same time. */
  readonly parallelism: number;
  readonly maxObjects: number;
  readonly timeoutMs: number;
  readonly cache?: ServiceTreeCache;
  readonly logger: Logger;
}

/** What is to be described, and how. */
export interface DescribeRequest {
  readonly bus: BusConnection;
  readonly target: BusTarget;
  readonly service: string;
  readonly isRunning: boolean;
  /** Asks the service itself, whatever is kept on the disk. */
  readonly mustBeFresh?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Describes services: running ones by asking them, or from the disk when the same program was asked before; others from
 * files that packages install and from what this program knows. Never starts one.
 */
export class ServiceDescriber {
  readonly #options: DescriberOptions;
  readonly #cache: ServiceTreeCache | undefined;
  #installed: Promise<readonly InterfaceDescription[]> | undefined;

  constructor(options: DescriberOptions) {
    this.#options = options;
    this.#cache = options.cache === undefined ? undefined : tolerant(options.cache, options.logger);
  }

  async describe(request: DescribeRequest): Promise<ServiceEntry> {
    const { target, service, isRunning } = request;
    const { objects, gaps } = isRunning ? await this.#treeOf(request) : noTree;
    const live = interfacesOfTree({ objects, gaps });
    return {
      bus: target.name,
      name: service,
      interfaces: live.size > 0 ? live : await this.#describeWithoutAsking(target, service),
      isSilent: isRunning && objects.length === 0 && gaps.length > 0,
      gapCount: gaps.length,
    };
  }

  async #treeOf({
    bus,
    target,
    service,
    mustBeFresh = false,
    signal,
  }: DescribeRequest): Promise<ServiceTree> {
    const { parallelism, maxObjects, timeoutMs } = this.#options;
    const walk = { parallelism, maxObjects, timeoutMs, signal };
    const cache = target.isLocal && !mustBeFresh ? this.#cache : undefined;
    if (cache === undefined) return await walkObjects(bus, service, walk);
    const identity = await identifyService(bus, service, { signal });
    return await readServiceTree(bus, service, { ...walk, cache, identity });
  }

  async #describeWithoutAsking(
    target: BusTarget,
    service: string,
  ): Promise<ReadonlyMap<string, InterfaceEntry>> {
    const builtIn = interfacesOfService(service, knownShapes.map(describeShape));
    const installed = target.isLocal
      ? interfacesOfService(service, await this.#readInstalled())
      : [];
    return new Map([
      ...interfacesOfDescriptions(builtIn, "built-in"),
      ...interfacesOfDescriptions(installed, "installed"),
    ]);
  }

  async #readInstalled(): Promise<readonly InterfaceDescription[]> {
    this.#installed ??= this.#tryReadInstalled();
    return await this.#installed;
  }

  async #tryReadInstalled(): Promise<readonly InterfaceDescription[]> {
    try {
      return await readInstalledInterfaces({ directories: interfaceDirectories });
    } catch (error) {
      this.#options.logger.warn("descriptions of services cannot be read from files", { error });
      return [];
    }
  }
}

/** What cannot be kept is asked for again the next time. */
function tolerant(cache: ServiceTreeCache, logger: Logger): ServiceTreeCache {
  return {
    load: (identity) => cache.load(identity),
    save: async (identity, tree) => {
      try {
        await cache.save(identity, tree);
      } catch (error) {
        logger.warn("what a service looks like cannot be kept on the disk", { error });
      }
    },
  };
}

const noTree: ServiceTree = { objects: [], gaps: [] };
