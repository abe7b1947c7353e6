import { isDeprecated, membersOf, passesUnixFd } from "../catalogue/catalogue-member.ts";
import type { CatalogueMember } from "../catalogue/catalogue-member.ts";
import type { InterfaceEntry, ServiceEntry } from "../catalogue/service-entry.ts";

/** What a tool of its own does: calls a method, reads the properties of an interface, or writes one of them. */
export type MemberKindOfTool = "call" | "get" | "set";

interface Place {
  readonly bus: string;
  readonly service: string;
  readonly owner: InterfaceEntry;
}

/** A part of the catalogue that becomes a tool. */
export type TypedMember = Place &
  (
    | {
        readonly kind: "call";
        readonly name: string;
        readonly member: CatalogueMember & { kind: "method" };
      }
    | { readonly kind: "get"; readonly name: "properties" }
    | {
        readonly kind: "set";
        readonly name: string;
        readonly member: CatalogueMember & { kind: "property" };
      }
  );

/** Everything of a service that could become a tool. */
export function typedMembersOf(service: ServiceEntry): readonly TypedMember[] {
  const usable = membersOf(service).filter(
    (member) => !isDeprecated(member) && !passesUnixFd(member),
  );
  return [
    ...usable.flatMap((member): TypedMember[] => {
      const { owner, description } = member;
      const place = { bus: service.bus, service: service.name, owner, name: description.name };
      if (member.kind === "method") return [{ ...place, kind: "call", member }];
      const isWritable = member.kind === "property" && member.description.access !== "read";
      return isWritable ? [{ ...place, kind: "set", member }] : [];
    }),
    ...Array.from(service.interfaces.values())
      .filter(({ description }) => description.properties.some(({ access }) => access !== "write"))
      .map((owner): TypedMember => {
        return { bus: service.bus, service: service.name, owner, kind: "get", name: "properties" };
      }),
  ];
}
