/** What operations on a bus may do, and who may ask for them: `op-dbus/access`. */
export { accessClasses, graverOf, isGraver, type AccessClass } from "./access-class.ts";
export { AccessRuleError } from "./access-error.ts";
export type { AccessConfig, AccessRule } from "./access-config.ts";
export { createAccessRules, type AccessRules, type AccessRulesOptions } from "./access-rules.ts";
export type { AccessDecision, Caller } from "./access-decision.ts";
export type {
  BusOperation,
  Classification,
  OperationKind,
  PartialOperation,
} from "./bus-operation.ts";
export { classify, type MemberFacts } from "./classify.ts";
export { defaultAccessRules } from "./default-access-rules.ts";
export { targetOf, type OperationTarget } from "./operation-target.ts";
export { unitOfPath, unitsOf, type NamedUnits } from "./unit-names.ts";
