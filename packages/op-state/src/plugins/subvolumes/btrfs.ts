import { StateChangeError } from "../../state-error.ts";
import { runProgram } from "../program/run-program.ts";

/** A subvolume as btrfs knows it. */
export interface Subvolume {
  readonly uuid: string;
  /** The one it was made from; empty for others. */
  readonly parentUuid: string;
  /** Counts changes of the whole file system; that of the last change of this one. */
  readonly generation: number;
  readonly generationAtCreation: number;
  readonly isReadOnly: boolean;
}

/** Runs the program `btrfs` on a subvolume and returns what it prints. Rejects with `ERR_STATE_CHANGE`. */
export async function runBtrfs(
  resource: string,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const options = signal === undefined ? {} : { signal };
  const { isOk, stdout, stderr } = await runProgram(["btrfs", ...words], options);
  if (isOk) return stdout;
  const said = stderr.trim().replaceAll(/\s+/gu, " ").slice(0, 1000);
  throw new StateChangeError(resource, said === "" ? `btrfs ${words.join(" ")} failed.` : said);
}

/** Reads what btrfs knows of a subvolume. */
export async function showSubvolume(
  resource: string,
  path: string,
  signal: AbortSignal,
): Promise<Subvolume> {
  const text = await runBtrfs(resource, ["subvolume", "show", path], signal);
  const field = (name: string) =>
    new RegExp(String.raw`^\s*${name}:\s*(.*)$`, "mu").exec(text)?.[1]?.trim() ?? "";
  return {
    uuid: field("UUID"),
    parentUuid: field("Parent UUID").replace(/^-$/u, ""),
    generation: Number(field("Generation")),
    generationAtCreation: Number(field("Gen at creation")),
    isReadOnly: field("Flags").includes("readonly"),
  };
}

/** The paths of subvolumes inside another one, which its snapshots leave out. */
export async function subvolumesIn(
  resource: string,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const text = await runBtrfs(resource, ["subvolume", "list", "-o", path], signal);
  return text.split("\n").flatMap((line) => / path (?<path>.+)$/u.exec(line)?.[1] ?? []);
}

/** Lets a subvolume be written to, or not. */
export async function setReadOnly(
  resource: string,
  path: string,
  isReadOnly: boolean,
): Promise<void> {
  await runBtrfs(resource, ["property", "set", "-ts", path, "ro", String(isReadOnly)]);
}
