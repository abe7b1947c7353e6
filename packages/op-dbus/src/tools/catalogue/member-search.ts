import type { JsonObject } from "op-core";
import {
  createToolSearch,
  type ToolCatalogue,
  type ToolDescriptor,
  type ToolSearch,
  type ToolSearchRequest,
} from "op-tools";
import { argumentKeys } from "../../json/arguments.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { annotationsOf, riskOf } from "../gate/class-risk.ts";
import type { Gate } from "../gate/gate.ts";
import type { BusCatalogue } from "./bus-catalogue.ts";
import {
  argumentsOf,
  isDeprecated,
  memberId,
  membersOf,
  passesUnixFd,
  type CatalogueMember,
} from "./catalogue-member.ts";
import { classifyMember } from "./classify-member.ts";
import { keywordsOf, textOf } from "./member-text.ts";
import type { ServiceEntry } from "./service-entry.ts";

/** A member that was found. */
export interface MemberHit {
  readonly id: string;
  readonly member: CatalogueMember;
}

/** What members were found, best first. */
export interface MemberSearchResult {
  readonly hits: readonly MemberHit[];
  readonly total: number;
}

/** Finds members of every service by what people say they want, by the same search that finds tools. */
export class MemberSearch implements Disposable {
  readonly #runtime: DBusRuntime;
  readonly #members = new Map<
    string,
    { readonly member: CatalogueMember; readonly tool: ToolDescriptor }
  >();
  /** The entry of each service that is indexed, by bus and name. */
  readonly #indexed = new Map<
    string,
    { readonly entry: ServiceEntry; readonly ids: readonly string[] }
  >();
  readonly #listeners = new Set<(event: { readonly name: string }) => void>();
  readonly #search: ToolSearch;

  constructor(runtime: DBusRuntime) {
    this.#runtime = runtime;
    const { clock } = runtime;
    this.#search = createToolSearch({ catalogue: this.#catalogue, clock });
  }

  /** Searches what the buses offer now; a bus that cannot be reached has nothing to be found. */
  async search(
    request: Pick<ToolSearchRequest, "query" | "limit" | "offset" | "source" | "category" | "risk">,
    signal: AbortSignal,
  ): Promise<MemberSearchResult> {
    const catalogues = this.#runtime.catalogues.filter(
      ({ target }) => request.source === undefined || target.name === request.source,
    );
    const refreshed = await Promise.allSettled(
      catalogues.map((catalogue) => this.#refresh(catalogue, signal)),
    );
    const failed = refreshed.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined && refreshed.every(({ status }) => status === "rejected")) {
      throw failed.reason;
    }
    const { hits, total } = await this.#search.search(request, { signal });
    const found = hits.flatMap(({ name }) => {
      const known = this.#members.get(name);
      return known === undefined ? [] : [{ id: name, member: known.member }];
    });
    return { hits: found, total };
  }

  [Symbol.dispose](): void {
    this.#search[Symbol.dispose]();
  }

  get #catalogue(): ToolCatalogue {
    const members = this.#members;
    return {
      get size() {
        return members.size;
      },
      names: () => [...members.keys()],
      has: (name) => members.has(name),
      get: (name) => members.get(name)?.tool,
      onEvent: (listener) => {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
      },
    };
  }

  async #refresh(catalogue: BusCatalogue, signal: AbortSignal): Promise<void> {
    const services = await catalogue.services(signal);
    const bus = catalogue.target.name;
    const entries = await catalogue.describeMany(services, signal);
    const current = new Set(entries.map(({ name }) => keyOf(bus, name)));
    for (const [key, { entry }] of this.#indexed) {
      if (entry.bus === bus && !current.has(key)) this.#remove(key);
    }
    for (const entry of entries) {
      const key = keyOf(bus, entry.name);
      if (this.#indexed.get(key)?.entry !== entry) this.#replace(key, entry);
    }
  }

  #replace(key: string, entry: ServiceEntry): void {
    const { gate } = this.#runtime;
    const members = membersOf(entry).filter((member) => isWorthFinding(member, gate));
    const ids = members.map(memberId);
    const gone = new Set(this.#indexed.get(key)?.ids);
    for (const id of ids) gone.delete(id);
    this.#drop(gone);
    for (const member of members) {
      const tool = toDescriptor(member, gate);
      this.#members.set(tool.name, { member, tool });
      this.#tell(tool.name);
    }
    this.#indexed.set(key, { entry, ids });
  }

  #remove(key: string): void {
    this.#drop(this.#indexed.get(key)?.ids ?? []);
    this.#indexed.delete(key);
  }

  #drop(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#members.delete(id);
      this.#tell(id);
    }
  }

  #tell(name: string): void {
    for (const listener of this.#listeners) listener({ name });
  }
}

function keyOf(bus: string, service: string): string {
  return `${bus}/${service}`;
}

/** What is forbidden, given up by its service or impossible here only stands in the way of the rest. */
function isWorthFinding(member: CatalogueMember, gate: Gate): boolean {
  const isOpen = classifyMember(member, gate).class !== "forbidden";
  return isOpen && !isDeprecated(member) && !passesUnixFd(member);
}

/** A member as the search of tools takes it: the bus is its source, the service its category. */
function toDescriptor(member: CatalogueMember, gate: Gate): ToolDescriptor {
  const { bus, service, owner, kind, description } = member;
  const classification = classifyMember(member, gate);
  const properties: JsonObject = Object.fromEntries(
    argumentKeys(argumentsOf(member)).map((key) => [key, {}]),
  );
  return {
    name: memberId(member),
    title: `${description.name} ${kind}`,
    description: textOf(member),
    inputSchema: { type: "object", properties },
    annotations: annotationsOf(classification),
    category: service,
    tags: [
      service.split(".").at(-1) ?? "",
      owner.description.name.split(".").at(-1) ?? "",
      ...keywordsOf(member),
    ],
    source: bus,
    risk: riskOf(classification.class),
  };
}
