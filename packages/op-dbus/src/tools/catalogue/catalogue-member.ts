import type {
  Annotations,
  ArgumentDescription,
  MethodDescription,
  PropertyDescription,
  SignalDescription,
} from "../../introspection/description.ts";
import type { InterfaceEntry, ServiceEntry } from "./service-entry.ts";

interface MemberPlace {
  readonly bus: string;
  readonly service: string;
  readonly owner: InterfaceEntry;
}

/** A method, property or signal of a service's interface. */
export type CatalogueMember = MemberPlace &
  (
    | { readonly kind: "method"; readonly description: MethodDescription }
    | { readonly kind: "property"; readonly description: PropertyDescription }
    | { readonly kind: "signal"; readonly description: SignalDescription }
  );

/** Every member of a service, in the order of its interfaces. */
export function membersOf(service: ServiceEntry): readonly CatalogueMember[] {
  return [...service.interfaces.values()].flatMap((owner) => membersOfInterface(service, owner));
}

/** Every member of one interface. */
export function membersOfInterface(
  { bus, name: service }: Pick<ServiceEntry, "bus" | "name">,
  owner: InterfaceEntry,
): readonly CatalogueMember[] {
  const place = { bus, service, owner };
  const { methods, properties, signals } = owner.description;
  return [
    ...methods.map((description) => ({ ...place, kind: "method" as const, description })),
    ...properties.map((description) => ({ ...place, kind: "property" as const, description })),
    ...signals.map((description) => ({ ...place, kind: "signal" as const, description })),
  ];
}

/** What a member is called everywhere: bus, service, interface and name. */
export function memberId({ bus, service, owner, description }: CatalogueMember): string {
  return `${bus}/${service}/${owner.description.name}/${description.name}`;
}

/** Reads an id; undefined when it is none. The parts are not checked. */
export function parseMemberId(id: string):
  | {
      readonly bus: string;
      readonly service: string;
      readonly interface: string;
      readonly member: string;
    }
  | undefined {
  const [bus, service, interfaceName, member, ...rest] = id.split("/");
  if (bus === undefined || service === undefined || interfaceName === undefined) return undefined;
  if (member === undefined || rest.length > 0) return undefined;
  return { bus, service, interface: interfaceName, member };
}

/** What goes into a member: a method's inputs, a property's value, a signal's arguments. */
export function argumentsOf(member: CatalogueMember): readonly ArgumentDescription[] {
  switch (member.kind) {
    case "method":
      return member.description.inputs;
    case "signal":
      return member.description.arguments;
    case "property":
    default:
      return [{ name: "value", type: member.description.type, documentation: undefined }];
  }
}

/** Whether a member passes file descriptors, in whichever direction. */
export function passesUnixFd(member: CatalogueMember): boolean {
  const outputs = member.kind === "method" ? member.description.outputs : [];
  return [...argumentsOf(member), ...outputs].some(({ type }) => type.includes("h"));
}

/** Whether the interface says that a member is not to be used any more. */
export function isDeprecated({ owner, description }: CatalogueMember): boolean {
  return (
    isTrue(description.annotations, deprecated) || isTrue(owner.description.annotations, deprecated)
  );
}

/** Whether a service never answers a method. */
export function answersNothing(method: MethodDescription): boolean {
  return isTrue(method.annotations, "org.freedesktop.DBus.Method.NoReply");
}

const deprecated = "org.freedesktop.DBus.Deprecated";

function isTrue(annotations: Annotations, name: string): boolean {
  return annotations.get(name) === "true";
}
