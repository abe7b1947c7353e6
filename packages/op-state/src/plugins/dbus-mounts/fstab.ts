/** An entry of `/etc/fstab`. */
export interface FstabEntry {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly dump: number;
  readonly pass: number;
}

/** Reads a line; undefined for comments, empty lines and what is mounted nowhere. */
export function parseFstabLine(line: string): FstabEntry | undefined {
  if (/^\s*(?:#|$)/u.test(line)) return undefined;
  const [source = "", target = "", type = "", options = "defaults", dump, pass] = line
    .trim()
    .split(/\s+/u);
  if (!target.startsWith("/")) return undefined;
  return {
    source: unescape(source),
    target: unescape(target),
    type,
    options: unescape(options).split(","),
    dump: Number(dump ?? 0),
    pass: Number(pass ?? 0),
  };
}

/** Writes a line. */
export function formatFstabLine(entry: FstabEntry): string {
  const { source, target, type, options, dump, pass } = entry;
  const words = [escape(source), escape(target), type, escape(options.join(","))];
  return [...words, dump, pass].join(" ");
}

/** How a line is told from others: by where it mounts, or by its text. */
export function nameOfFstabLine(line: string): string {
  return parseFstabLine(line)?.target ?? line;
}

/** An option of mount that the kernel shows for each mount. */
export const shownFlags = ["ro", "nosuid", "nodev", "noexec"] as const;

/** The flags that options come to; undefined where mount decides by itself. */
export function flagsOf(options: readonly string[]): readonly string[] | undefined {
  if (options.some((option) => ["user", "users", "owner", "group"].includes(option))) {
    return undefined;
  }
  return shownFlags.filter((flag) => {
    const opposite = flag === "ro" ? "rw" : flag.slice(2);
    return options.findLast((option) => option === flag || option === opposite) === flag;
  });
}

/** White space is in octal, in fstab and in the kernel's list. */
export function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

function escape(text: string): string {
  return text.replaceAll(/[\s\\]/gu, (character) => {
    return `\\${(character.codePointAt(0) ?? 0).toString(8).padStart(3, "0")}`;
  });
}
