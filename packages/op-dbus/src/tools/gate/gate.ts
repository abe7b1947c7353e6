import type { Principal, ToolContext } from "op-tools";
import type { Annotations } from "../../introspection/description.ts";
import { AccessDeniedError } from "../dbus-tools-error.ts";
import { classifyAgentOperation, mostHarmless, type AgentPattern } from "./agent-pattern.ts";
import type { AccessDecision, Caller } from "../../access/access-decision.ts";
import type { AccessConfig } from "../../access/access-config.ts";
import { createAccessRules, type AccessRules } from "../../access/access-rules.ts";
import type { BusOperation, Classification, PartialOperation } from "../../access/bus-operation.ts";
import { classify } from "../../access/classify.ts";

/** What decides about operations. */
export interface GateOptions {
  readonly access: AccessConfig;
  readonly agents: readonly AgentPattern[];
}

/** An operation with what it is taken for and what is decided about it. */
export interface Verdict {
  readonly operation: BusOperation;
  readonly classification: Classification;
  readonly decision: AccessDecision;
}

const noAnnotations: Annotations = new Map();

/** The one place every operation passes, whichever tool or resource it comes from. */
export class Gate {
  readonly #agents: readonly AgentPattern[];
  readonly #rules: AccessRules;

  constructor({ access, agents }: GateOptions) {
    this.#agents = agents;
    this.#rules = createAccessRules(access, {
      classify: (operation) => classifyAgentOperation(operation, agents, mostHarmless),
    });
  }

  /** What an operation is taken for; a pattern says nothing of what the curated table knows or forbids. */
  classify(operation: PartialOperation, annotations: Annotations = noAnnotations): Classification {
    const classification = classify(operation, { annotations });
    const isOpen = !classification.isCurated && classification.class !== "forbidden";
    const asAgent = isOpen
      ? classifyAgentOperation(operation, this.#agents, annotations)
      : undefined;
    return asAgent ?? classification;
  }

  /** What is decided about an operation; refuses nothing. */
  judge(operation: BusOperation, caller: Caller, annotations?: Annotations): Verdict {
    const classification = this.classify(operation, annotations);
    const decision = this.#rules.decide(caller, operation, classification);
    return { operation, classification, decision };
  }
}

/** The error of an operation that is denied. */
export function denialOf({ operation, decision }: Verdict): AccessDeniedError {
  const { rule, reason, howToAllow } = decision;
  return new AccessDeniedError(nameOf(operation), {
    rule,
    reason,
    howToAllow,
    accessClass: decision.class,
  });
}

const verbs: Readonly<Record<BusOperation["kind"], string>> = {
  call: "Calling",
  get: "Reading",
  set: "Setting",
  listen: "Listening to",
};

/** An operation as the subject of a sentence. */
export function nameOf({
  kind,
  interface: interfaceName,
  member,
  service,
  bus,
}: BusOperation): string {
  return `${verbs[kind]} ${interfaceName}.${member} of ${service} on the ${bus} bus`;
}

/** The caller as the rules know it. */
export function callerOf({ principal, client }: Pick<ToolContext, "principal" | "client">): Caller {
  return {
    ...callerOfPrincipal(principal),
    ...(client === undefined ? {} : { client: client.name }),
  };
}

/** The same where nothing is known of the client. */
export function callerOfPrincipal({ id, scopes, groups }: Principal): Caller {
  return { id, scopes, ...(groups === undefined ? {} : { groups }) };
}
