import type { Classification } from "../../access/bus-operation.ts";
import { classifyMember, classifyWriting } from "../catalogue/classify-member.ts";
import type { Gate } from "../gate/gate.ts";
import type { TypedMember } from "./typed-member.ts";

/** What calls of a tool are taken for, as far as the member's name alone tells. */
export function classifyTyped(typed: TypedMember, gate: Gate): Classification {
  if (typed.kind === "call") return classifyMember(typed.member, gate);
  if (typed.kind === "set") return classifyWriting(typed.member, gate);
  return reading;
}

/** Each property is decided about by itself, and those that may not be read are withheld. */
const reading: Classification = {
  class: "observe",
  isCurated: true,
  isIdempotent: true,
  reason: "It only reads properties.",
};
