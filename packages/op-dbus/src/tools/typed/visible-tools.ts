import type { Logger } from "op-core";
import type { Tool } from "op-tools";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { patternOf, type AgentPattern } from "../gate/agent-pattern.ts";
import { classifyTyped } from "./classify-typed.ts";
import type { Profile } from "./profile.ts";
import { nameMembers } from "./tool-names.ts";
import { typedMembersOf, type TypedMember } from "./typed-member.ts";
import { createTypedTool } from "./typed-tool.ts";

/** Which members become tools of their own. */
export interface VisibleToolsOptions {
  readonly runtime: DBusRuntime;
  readonly source: string;
  readonly prefix: string;
  readonly profile: Profile;
  /** How many the profile may choose; what comes later by name is left out. */
  readonly maxTools: number;
  readonly agents: readonly AgentPattern[];
  readonly logger: Logger;
}

const mostAgentTools = 256;

/** Knows which members of the catalogue are tools of their own. */
export class VisibleTools {
  readonly #options: VisibleToolsOptions;
  /** What each bus had when it was last reached: one that is gone for a while keeps its tools. */
  readonly #members = new Map<string, readonly TypedMember[]>();
  #hasToldOfMore = false;

  constructor(options: VisibleToolsOptions) {
    this.#options = options;
  }

  /** Whether a change of a service can change the tools. */
  concerns(service: string): boolean {
    const { profile, agents } = this.#options;
    return profile.mayInclude(service) || patternOf(service, agents) !== undefined;
  }

  /** Looks at the services that tools are made of, and makes the tools. Buses that cannot be reached are told of. */
  async collect(signal: AbortSignal): Promise<{
    readonly tools: ReadonlyMap<string, Tool>;
    readonly unreachable: readonly string[];
  }> {
    const { runtime, logger } = this.#options;
    const unreachable: string[] = [];
    for (const catalogue of runtime.catalogues) {
      const bus = catalogue.target.name;
      try {
        this.#members.set(bus, await this.#membersOf(catalogue, signal));
      } catch (error) {
        signal.throwIfAborted();
        unreachable.push(bus);
        logger.debug("a bus cannot be looked at; its tools stay as they were", { bus, error });
      }
    }
    return { tools: this.#toTools(), unreachable };
  }

  async #membersOf(catalogue: BusCatalogue, signal: AbortSignal): Promise<readonly TypedMember[]> {
    const all = await catalogue.services(signal);
    const services = all.filter(({ name }) => this.concerns(name));
    const entries = await catalogue.describeMany(services, signal);
    const before = this.#members.get(catalogue.target.name) ?? [];
    return entries.flatMap((entry) =>
      entry.isSilent && before.some(({ service }) => service === entry.name)
        ? before.filter(({ service }) => service === entry.name)
        : typedMembersOf(entry).filter((member) => this.#isWanted(member)),
    );
  }

  #isWanted(member: TypedMember): boolean {
    const { profile, agents, runtime } = this.#options;
    const { service, owner, kind, name } = member;
    const isChosen =
      profile.includes({ service, interface: owner.description.name, kind, name }) ||
      isOfAgent(member, agents);
    return isChosen && classifyTyped(member, runtime.gate).class !== "forbidden";
  }

  #toTools(): ReadonlyMap<string, Tool> {
    const { runtime, source, prefix, agents, maxTools } = this.#options;
    const named = nameMembers([...this.#members.values()].flat(), prefix);
    const ofAgents = [...named].filter(([, member]) => isOfAgent(member, agents));
    const others = [...named].filter(([, member]) => !isOfAgent(member, agents));
    this.#tellOfMore(others.length);
    const kept = [...others.slice(0, maxTools), ...ofAgents.slice(0, mostAgentTools)];
    return new Map(
      kept.map(([name, member]) => [name, createTypedTool({ runtime, source, name, member })]),
    );
  }

  #tellOfMore(count: number): void {
    const { maxTools, logger } = this.#options;
    if (count <= maxTools || this.#hasToldOfMore) return;
    this.#hasToldOfMore = true;
    logger.info("the profile chooses more tools than are listed; dbus_search finds the others", {
      count,
      maxTools,
    });
  }
}

/** Agents become tools by what they can do, not by what every object can. */
function isOfAgent(
  { service, owner, kind }: TypedMember,
  agents: readonly AgentPattern[],
): boolean {
  return (
    kind === "call" &&
    !owner.description.name.startsWith("org.freedesktop.DBus.") &&
    patternOf(service, agents) !== undefined
  );
}
