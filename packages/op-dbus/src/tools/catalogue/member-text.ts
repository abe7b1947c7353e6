import { toOneLine } from "op-tools";
import {
  cleanForeignText,
  describeInterface,
  describeMember,
  textOfAnnotations,
} from "../../descriptions/index.ts";
import { signatureOf } from "../../introspection/description.ts";
import type { CatalogueMember } from "./catalogue-member.ts";

/** What a member does: the curated text, else what its service says, marked as such, else its bare form. */
export function textOf(member: CatalogueMember): string {
  const { service, owner, description } = member;
  const curated = describeMember(service, owner.description.name, description.name);
  return curated?.text ?? textOfAnnotations(description) ?? formOf(member);
}

/** The same in one line. */
export function lineOf(member: CatalogueMember, maxLength = 160): string {
  return toOneLine(textOf(member), maxLength);
}

/** Words by which a member is found besides those of its names and its text. */
export function keywordsOf({ service, owner, description }: CatalogueMember): readonly string[] {
  const { name } = owner.description;
  return [
    ...(describeMember(service, name, description.name)?.keywords ?? []),
    ...(describeInterface(service, name)?.keywords ?? []),
  ];
}

/** What an argument means, where somebody says so. */
export function argumentText(
  { service, owner, description }: CatalogueMember,
  argument: { readonly name: string; readonly documentation: string | undefined },
): string | undefined {
  const curated = describeMember(service, owner.description.name, description.name);
  const said = curated?.arguments?.[argument.name];
  if (said !== undefined) return said;
  const foreign = cleanForeignText(argument.documentation ?? "");
  return foreign === "" ? undefined : foreign;
}

/** A member's form, such as `Method StartUnit(ss) → o of org.freedesktop.systemd1.Manager`. */
function formOf(member: CatalogueMember): string {
  return `${signatureText(member)} of ${member.owner.description.name}`;
}

function signatureText(member: CatalogueMember): string {
  const { name } = member.description;
  if (member.kind === "method") {
    const { inputs, outputs } = member.description;
    const answer = outputs.length === 0 ? "" : ` → ${signatureOf(outputs)}`;
    return `Method ${name}(${signatureOf(inputs)})${answer}`;
  }
  if (member.kind === "signal")
    return `Signal ${name}(${signatureOf(member.description.arguments)})`;
  return `Property ${name}: ${member.description.type}, ${member.description.access}`;
}
