import type { Annotations } from "../introspection/description.ts";
import { graverOf, isGraver, type AccessClass } from "./access-class.ts";
import type { Classification, PartialOperation } from "./bus-operation.ts";
import { areaConditions } from "./forbidden-area.ts";
import { hasSecrets, knownInterface, type KnownInterface } from "./known-member.ts";
import { nameHints } from "./name-hints.ts";
import { targetOf, type OperationTarget } from "./operation-target.ts";
import { unitConditions, type Condition } from "./unit-conditions.ts";

/** What else is known of a member. */
export interface MemberFacts {
  /** What the service itself says in its introspection document. It is believed only where it warns. */
  readonly annotations?: Annotations;
}

/**
 * Says what an operation may do. A member that nobody looked at counts as destructive, reading a property as observing;
 * names, annotations, arguments and paths can only make it graver.
 */
export function classify(operation: PartialOperation, facts: MemberFacts = {}): Classification {
  const target = targetOf(operation);
  if (target === undefined) return notAnOperation;
  const known = target.interface === undefined ? undefined : knownInterface(target.interface);
  const looked = lookUp(target, known);
  const base = looked.condition;
  const conditions = [
    base,
    ...areaConditions(target),
    ...(looked.isCurated ? [] : nameHints(target)),
    ...annotationConditions(facts.annotations),
    ...allObjectsCondition(target),
    ...(isActing(base.class) ? unitConditions(withTarget(operation, target)) : []),
  ];
  const gravest = conditions.reduce((one, other) =>
    isGraver(other.class, one.class) ? other : one,
  );
  const needsPolkit = polkitOf(target, known);
  return {
    class: gravest.class,
    isCurated: looked.isCurated,
    isIdempotent: isIdempotent(target, gravest.class, known),
    ...(needsPolkit === undefined ? {} : { needsPolkit }),
    reason: gravest.reason,
  };
}

/** Writing a property through the generic method is about the interface that has the property. */
function withTarget(operation: PartialOperation, target: OperationTarget): PartialOperation {
  return { ...operation, interface: target.interface ?? operation.interface };
}

const notAnOperation: Classification = {
  class: "forbidden",
  isCurated: false,
  isIdempotent: false,
  reason: "It names no service, interface and member that can exist.",
};

interface LookedUp {
  readonly condition: Condition;
  readonly isCurated: boolean;
}

function lookUp(target: OperationTarget, known: KnownInterface | undefined): LookedUp {
  const found = foundClass(target, known);
  const guess = guessedCondition(target);
  if (found === undefined) return { condition: guess, isCurated: false };
  // Another service may do anything behind the same names.
  if (known?.isOf(target.service) !== true) {
    const graver = graverOf(found, guess.class);
    return { condition: { class: graver, reason: reasons[graver] }, isCurated: false };
  }
  return { condition: { class: found, reason: reasons[found] }, isCurated: true };
}

function foundClass(
  { kind, member }: OperationTarget,
  known: KnownInterface | undefined,
): AccessClass | undefined {
  if (known === undefined) return undefined;
  if (member === undefined)
    return kind === "get" && known.secret.size > 0 ? "sensitive" : undefined;
  if (kind === "call") return known.methods.get(member);
  if (kind === "set") return known.writable.get(member);
  return kind === "get" && known.secret.has(member) ? "sensitive" : undefined;
}

function guessedCondition({ kind, interface: name, member }: OperationTarget): Condition {
  if (kind === "listen") return { class: "observe", reason: "It only listens." };
  if (kind === "get") return name === undefined ? unnamedRead : plainRead;
  return name === undefined || member === undefined ? unnamedWrite : unknown;
}

const plainRead: Condition = { class: "observe", reason: "It only reads a property." };
const unnamedRead: Condition = {
  class: "sensitive",
  reason: "It does not say whose properties it reads.",
};
const unnamedWrite: Condition = {
  class: "forbidden",
  reason: "It does not say which property it writes.",
};
const unknown: Condition = {
  class: "destructive",
  reason: "Nobody has looked at what it does, so it counts as destructive.",
};

const reasons: Readonly<Record<AccessClass, string>> = {
  observe: "It only reads.",
  sensitive: "It reads what not everybody should see, or asks the network.",
  change: "It changes something that can be changed back.",
  destructive: "It may lose something, or what it changes lasts.",
  forbidden: "It gives control of the machine, of who may use it, or of its secrets.",
};

const privileged: Condition = {
  class: "forbidden",
  reason: "The service says that only the administrator may do it.",
};

function annotationConditions(annotations: Annotations | undefined): readonly Condition[] {
  const warns = annotations?.get("org.freedesktop.systemd1.Privileged") === "true";
  return warns ? [privileged] : [];
}

const allObjects: Condition = {
  class: "sensitive",
  reason: "It reads all properties of all objects, and some of them not everybody should see.",
};

function allObjectsCondition({ kind, member, service }: OperationTarget): readonly Condition[] {
  return kind === "call" && member === "GetManagedObjects" && hasSecrets(service)
    ? [allObjects]
    : [];
}

function isActing(one: AccessClass): boolean {
  return isGraver(one, "sensitive");
}

function isIdempotent(
  { kind, member }: OperationTarget,
  gravest: AccessClass,
  known: KnownInterface | undefined,
): boolean {
  if (kind !== "call" || !isActing(gravest)) return true;
  return member !== undefined && known?.idempotent.has(member) === true;
}

function polkitOf(
  { kind, member, service }: OperationTarget,
  known: KnownInterface | undefined,
): string | undefined {
  const canNeed = (kind === "call" || kind === "set") && member !== undefined;
  return canNeed && known?.isOf(service) === true ? known.polkit.get(member) : undefined;
}
