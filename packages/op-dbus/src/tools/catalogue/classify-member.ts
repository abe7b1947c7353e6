import type { Caller } from "../../access/access-decision.ts";
import type {
  BusOperation,
  Classification,
  OperationKind,
  PartialOperation,
} from "../../access/bus-operation.ts";
import type { Gate, Verdict } from "../gate/gate.ts";
import type { CatalogueMember } from "./catalogue-member.ts";

const kinds: Readonly<Record<CatalogueMember["kind"], OperationKind>> = {
  method: "call",
  property: "get",
  signal: "listen",
};

/** What using a member is taken for, as far as its name alone tells: calling, reading or listening. */
export function classifyMember(member: CatalogueMember, gate: Gate): Classification {
  return gate.classify(operationOf(member), member.description.annotations);
}

/** What writing a property is taken for, as far as its name alone tells. */
export function classifyWriting(member: CatalogueMember, gate: Gate): Classification {
  return gate.classify({ ...operationOf(member), kind: "set" }, member.description.annotations);
}

/** What would be decided about a member, whatever the object and the arguments: these can make it graver. */
export function judgeMember(member: CatalogueMember, gate: Gate, caller: Caller): Verdict {
  const [path = "/"] = member.owner.paths.all;
  const operation: BusOperation = { ...operationOf(member), path, args: {} };
  return gate.judge(operation, caller, member.description.annotations);
}

function operationOf({
  bus,
  service,
  owner,
  kind,
  description,
}: CatalogueMember): PartialOperation & { readonly bus: string } {
  const { name } = owner.description;
  return { bus, service, interface: name, member: description.name, kind: kinds[kind] };
}
