/** A method: the signatures of what goes in and what comes out, and what the arguments are called. */
export interface MethodShape {
  readonly in: string;
  readonly out: string;
  readonly inNames?: readonly string[];
  readonly outNames?: readonly string[];
}

/** A property: its type, and whether it can also be written or how it tells of changes. */
export interface PropertyShape {
  readonly type: string;
  readonly access?: "read" | "write" | "readwrite";
  readonly emits?: "value" | "invalidates" | "const" | "none";
}

/** A signal: the signature of what it carries. */
export interface SignalShape {
  readonly type: string;
  readonly names?: readonly string[];
}

/** An interface as a program knows it. */
export interface InterfaceShape {
  readonly name: string;
  readonly methods: Readonly<Record<string, MethodShape>>;
  readonly properties: Readonly<Record<string, PropertyShape>>;
  readonly signals: Readonly<Record<string, SignalShape>>;
}

/** Returns an interface as it is, with its signatures known to the compiler: proxies and exports are typed by them. */
export function defineInterface<const T extends InterfaceShape>(shape: T): T {
  return shape;
}

/** A member of a shape; a shape does not have those it inherits from `Object`. */
export function memberOf<Members extends object, Name extends keyof Members & string>(
  members: Members,
  name: Name,
): Members[Name] {
  if (Object.hasOwn(members, name)) return members[name];
  throw new TypeError(`The interface has no member ${JSON.stringify(name)}.`);
}
