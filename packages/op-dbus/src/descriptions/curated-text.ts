/** What somebody wrote about a service, an interface or a member. */
export interface CuratedText {
  /** One or two sentences. */
  readonly text: string;
  /** What arguments mean, by their names. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Plain words somebody might look for who does not know the name. */
  readonly keywords?: readonly string[];
}

/** An interface with those of its members that are worth explaining. */
export interface InterfaceText extends CuratedText {
  /** Methods, properties and signals by their names; a string is a text alone. */
  readonly members?: Readonly<Record<string, string | CuratedText>>;
}

/** A service with its interfaces. */
export interface ServiceText extends CuratedText {
  /** The names of the services it is about. */
  readonly services: readonly string[];
  readonly interfaces: Readonly<Record<string, InterfaceText>>;
}
