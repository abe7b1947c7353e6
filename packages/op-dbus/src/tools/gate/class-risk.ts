import type { Risk, ToolAnnotations } from "op-tools";
import type { AccessClass } from "../../access/access-class.ts";
import type { Classification } from "../../access/bus-operation.ts";

const risksOfClasses: Readonly<Record<AccessClass, Risk>> = {
  observe: "read",
  sensitive: "read",
  change: "write",
  destructive: "destructive",
  forbidden: "privileged",
};

/** The risk that clients and rules of tools know a class by. */
export function riskOf(accessClass: AccessClass): Risk {
  return risksOfClasses[accessClass];
}

/** Whether an operation of a class only reads. */
export function isRead(accessClass: AccessClass): boolean {
  return riskOf(accessClass) === "read";
}

/** What clients are told of calls of a class. */
export function annotationsOf(classification: Classification): ToolAnnotations {
  const { class: accessClass, isIdempotent } = classification;
  return {
    readOnlyHint: isRead(accessClass),
    destructiveHint: !isRead(accessClass) && accessClass !== "change",
    idempotentHint: isRead(accessClass) || isIdempotent,
  };
}
