/** Annotations by their name. */
export type Annotations = ReadonlyMap<string, string>;

/** What methods, signals, properties and interfaces have in common. Text in it comes from the service. */
export interface Described {
  readonly name: string;
  readonly annotations: Annotations;
  /** What the service says of it, where it says anything. */
  readonly documentation: string | undefined;
}

/** An argument of a method or a signal. */
export interface ArgumentDescription {
  /** Empty when the service gives it none. */
  readonly name: string;
  /** One complete type. */
  readonly type: string;
  readonly documentation: string | undefined;
}

/** A method of an interface. */
export interface MethodDescription extends Described {
  readonly inputs: readonly ArgumentDescription[];
  readonly outputs: readonly ArgumentDescription[];
}

/** A signal of an interface. */
export interface SignalDescription extends Described {
  readonly arguments: readonly ArgumentDescription[];
}

/** Whether a property can be read, written or both. */
export type PropertyAccess = "read" | "write" | "readwrite";

/** A property of an interface. */
export interface PropertyDescription extends Described {
  /** One complete type. */
  readonly type: string;
  readonly access: PropertyAccess;
}

/** An interface of an object. */
export interface InterfaceDescription extends Described {
  readonly methods: readonly MethodDescription[];
  readonly signals: readonly SignalDescription[];
  readonly properties: readonly PropertyDescription[];
}

/** What an object says of itself. */
export interface NodeDescription {
  readonly interfaces: readonly InterfaceDescription[];
  /** The names of its children, or the ways to objects further below, to be added to its own path. */
  readonly children: readonly string[];
  /** What was left out of the document because it makes no sense. */
  readonly problems: readonly string[];
}

/** The signature of arguments in their order. */
export function signatureOf(args: readonly ArgumentDescription[]): string {
  return args.map(({ type }) => type).join("");
}

/** How a property tells of its changes. */
export type ChangeNotice = "value" | "invalidates" | "const" | "none";

const changeAnnotation = "org.freedesktop.DBus.Property.EmitsChangedSignal";

/** How a property tells of its changes; what its interface says counts when it says nothing itself. */
export function changeNoticeOf(
  property: PropertyDescription,
  owner: InterfaceDescription,
): ChangeNotice {
  const said =
    property.annotations.get(changeAnnotation) ?? owner.annotations.get(changeAnnotation);
  if (said === "invalidates" || said === "const") return said;
  return said === "false" ? "none" : "value";
}
