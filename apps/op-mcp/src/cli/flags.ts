/** A flag as the command line, the help and the completions know it. */
export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  /** What the value is called in the help; a flag without one is a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly isRepeatable?: boolean;
  readonly summary: string;
}

/** Flags that every command takes. */
export const globalFlags: readonly FlagSpec[] = [
  {
    name: "config",
    value: "FILE",
    summary: "Use this configuration file instead of the usual ones",
  },
  { name: "set", value: "KEY=VALUE", isRepeatable: true, summary: "Set one configuration key" },
  {
    name: "log-level",
    value: "LEVEL",
    choices: ["debug", "info", "warn", "error", "silent"],
    summary: "The least urgent log lines on stderr",
  },
  {
    name: "mode",
    value: "MODE",
    choices: ["direct", "search", "auto"],
    summary: "Which tools clients are shown",
  },
  { name: "json", summary: "Print JSON" },
  { name: "no-color", summary: "Print without colours" },
  { name: "help", short: "h", summary: "Show help" },
  { name: "version", short: "V", summary: "Show the version" },
];

/** The flags someone gave. */
export class FlagValues {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value given. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}
