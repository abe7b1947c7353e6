/** What the operands of a command are. */
export type OperandKind =
  /** It has none. */
  | "none"
  /** Words that are printed. */
  | "words"
  /** A format that begins with a plus sign, at most one. */
  | "format"
  /** Regular files, at least one. */
  | "files"
  /** Files and folders; none stands for the working directory. */
  | "places"
  /** A pattern, unless an option has given it, and then files, or folders when it searches them. */
  | "pattern-and-places";

/** What a command may be given. Whatever is not here is refused: a list of what is dangerous is never complete. */
export interface CommandRule {
  /** Options without a value, exactly as they are written. Letters of single ones may be put together. */
  readonly flags: ReadonlySet<string>;
  /** Options with a value, and what the value looks like. */
  readonly values: ReadonlyMap<string, RegExp>;
  readonly operands: OperandKind;
  /** Arguments that are always put first. */
  readonly always: readonly string[];
  /** Whether `-5` means five of something. */
  readonly hasDashNumber: boolean;
  /** Places that are allowed besides the folders. */
  readonly alsoAllowed: readonly string[];
}

/** A rule in short. */
export interface RuleText {
  /** Single letters that are flags. */
  readonly letters?: string;
  /** Other flags, separated by spaces. */
  readonly flags?: string;
  readonly values?: Readonly<Record<string, RegExp>>;
  readonly operands?: OperandKind;
  readonly always?: readonly string[];
  readonly hasDashNumber?: boolean;
  readonly alsoAllowed?: readonly string[];
}

/** Makes a rule of its short form. */
export function commandRule(text: RuleText): CommandRule {
  const { letters = "", flags = "", values = {}, operands = "none" } = text;
  const { always = [], hasDashNumber = false, alsoAllowed = [] } = text;
  const words = flags.split(" ").filter((word) => word !== "");
  return {
    flags: new Set([...Array.from(letters, (letter) => `-${letter}`), ...words]),
    values: new Map(Object.entries(values)),
    operands,
    always,
    hasDashNumber,
    alsoAllowed,
  };
}
