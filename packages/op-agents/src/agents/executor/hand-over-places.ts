import { randomInt } from "node:crypto";
import type { PinnedPlace } from "./pin-place.ts";

/** An argument as it is, or a place that the program is handed open. */
export type Argument = string | PinnedPlace;

/** What a program is started with in place of names. */
export interface HandedOver {
  readonly args: readonly string[];
  /** What it has open behind the standard streams. */
  readonly fds: readonly number[];
  /** Makes something that puts the paths back into a stream of the program's output. */
  readonly createNaming: () => Naming;
}

/** Puts paths back into output, as it comes. */
export interface Naming {
  add(bytes: Buffer): Buffer;
  end(): Buffer;
}

/** The first descriptor behind the standard streams. */
const firstFd = 3;

/** So that programs that sort their operands leave them in their order. */
const mostDigits = 4;

/** Gives a program the pinned places among its arguments as open descriptors, in the order of their paths. */
export function handOverPlaces(args: readonly Argument[]): HandedOver {
  const places = [...new Set(args.filter((arg) => typeof arg !== "string"))].toSorted(
    (left, right) => (left.path < right.path ? -1 : 1),
  );
  const folder = spellFolder();
  const spell = (place: PinnedPlace) => {
    const fd = String(firstFd + places.indexOf(place));
    // A folder is meant itself, and not the link that the kernel shows for what is open.
    return `${folder}${"/".repeat(mostDigits - fd.length)}${fd}${place.isFolder ? "/." : ""}`;
  };
  const paths = places.map(({ path }) => Buffer.from(path).toString("latin1"));
  return {
    args: args.map((arg) => (typeof arg === "string" ? arg : spell(arg))),
    fds: places.map(({ fd }) => fd),
    createNaming: () => (places.length === 0 ? nameNothing : createNaming(folder, paths)),
  };
}

/** A spelling of the folder of open files that nobody can guess, so that no file can contain it. */
function spellFolder(): string {
  const steps = Array.from({ length: 40 }, () => (randomInt(2) === 0 ? "/./" : "//."));
  return `/proc/self/fd${steps.join("")}`;
}

const nothing = Buffer.alloc(0);
const nameNothing: Naming = { add: (bytes) => bytes, end: () => nothing };

/** Works on bytes, each as a character: what is no text passes unchanged. */
function createNaming(folder: string, paths: readonly string[]): Naming {
  const spelled = new RegExp(`${folder.replaceAll(".", "\\.")}/+(\\d+)(?:/\\.)?(?=(/?))`, "gu");
  let rest = "";
  const name = (text: string) =>
    Buffer.from(
      text.replaceAll(spelled, (_, fd: string, slash: string) => {
        const path = paths[Number(fd) - firstFd] ?? "";
        return path === "/" && slash === "/" ? "" : path;
      }),
      "latin1",
    );
  return {
    add: (bytes) => {
      const text = rest + bytes.toString("latin1");
      const end = findUnfinished(text, folder);
      rest = text.slice(end);
      return name(text.slice(0, end));
    },
    end: () => name(rest),
  };
}

/** Where a spelling begins that may go on in what comes next; the end of the text if none does. */
function findUnfinished(text: string, folder: string): number {
  const longest = folder.length + mostDigits + "/./".length;
  for (let at = Math.max(0, text.length - longest); at < text.length; at += 1) {
    if (text[at] !== "/") continue;
    const tail = text.slice(at);
    if (folder.startsWith(tail)) return at;
    if (tail.startsWith(folder) && /^\/*\d*(?:\/\.?)?$/u.test(tail.slice(folder.length))) return at;
  }
  return text.length;
}
