import { join } from "node:path";
import { readIfThere } from "../files/read-if-there.ts";
import { StateChangeError } from "../../state-error.ts";

/** Numbers that new accounts may have. */
export interface IdRange {
  readonly first: number;
  readonly last: number;
}

/** The ranges of a machine: for people and for services. */
export interface IdRanges {
  readonly users: Readonly<Record<"person" | "service", IdRange>>;
  readonly groups: Readonly<Record<"person" | "service", IdRange>>;
}

/** Reads from `/etc/login.defs` which numbers new accounts get; what it does not say is as Debian has it. */
export async function readIdRanges(root: string): Promise<IdRanges> {
  const text = await readIfThere(join(root, "etc/login.defs"));
  const number = (name: string, otherwise: number) => {
    const found = new RegExp(String.raw`^\s*${name}\s+(\d+)`, "mu").exec(text);
    return found === null ? otherwise : Number(found[1]);
  };
  const ranges = (kind: "UID" | "GID") => {
    const first = number(`${kind}_MIN`, 1000);
    return {
      person: { first, last: number(`${kind}_MAX`, 60_000) },
      service: {
        first: number(`SYS_${kind}_MIN`, 101),
        last: number(`SYS_${kind}_MAX`, first - 1),
      },
    };
  };
  return { users: ranges("UID"), groups: ranges("GID") };
}

/** The next number after those of people; services count down. Throws `ERR_STATE_CHANGE` when none is left. */
export function freeId(
  used: ReadonlySet<number>,
  { first, last }: IdRange,
  kind: "person" | "service",
): number {
  const ids = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const isFree = (id: number) => !used.has(id);
  const free = kind === "person" ? ids.find(isFree) : ids.findLast(isFree);
  if (free !== undefined) return free;
  const advice = "Widen the range in /etc/login.defs, or declare a number.";
  throw new StateChangeError("accounts", `every number from ${first} to ${last} is used.`, {
    advice,
  });
}
