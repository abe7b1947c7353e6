import type { Principal, ToolContext } from "op-tools";
import type { Annotations } from "../../introspection/description.ts";
import { AccessDeniedError } from "../dbus-tools-error.ts";
import { classifyAgentOperation, patternOf, type AgentPattern } from "./agent-pattern.ts";
import type { AccessDecision, Caller } from "../../access/access-decision.ts";
import type { AccessRules } from "../../access/access-rules.ts";
import type { BusOperation, Classification, PartialOperation } from "../../access/bus-operation.ts";
import type { MemberFacts } from "../../access/classify.ts";

/** What decides about operations. */
export interface GateOptions {
  readonly rules: AccessRules;
  readonly classify: (operation: PartialOperation, facts?: MemberFacts) => Classification;
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
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** What an operation is taken for; a pattern says nothing of what the curated table knows or forbids. */
  classify(operation: PartialOperation, annotations: Annotations = noAnnotations): Classification {
    const { classify, agents } = this.#options;
    const classification = classify(operation, { annotations });
    const pattern = patternOf(operation.service, agents);
    const isActing = operation.kind === "call" || operation.kind === "set";
    const isOpen = isActing && !classification.isCurated && classification.class !== "forbidden";
    return pattern !== undefined && isOpen
      ? classifyAgentOperation(operation, pattern, annotations)
      : classification;
  }

  /** What is decided about an operation; refuses nothing. */
  judge(operation: BusOperation, caller: Caller, annotations?: Annotations): Verdict {
    const classification = this.classify(operation, annotations);
    const { rules, agents } = this.#options;
    // What an agent may declare to be reading is decided about as the reading of a property is.
    const isDeclaredRead =
      classification.class === "observe" &&
      operation.kind === "call" &&
      !classification.isCurated &&
      patternOf(operation.service, agents) !== undefined;
    const decided: BusOperation = isDeclaredRead ? { ...operation, kind: "get" } : operation;
    const decision = rules.decide(caller, decided, classification);
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
