import type { Fault } from "../chain/fault.ts";
import { checkpointPath, readCheckpoints } from "../checkpoints/checkpoint-file.ts";
import { parseCheckpoint, type Checkpoint } from "../checkpoints/checkpoint.ts";
import type { TreeHead } from "../merkle/tree-proof.ts";
import { parseNote, verifyNote, type Note, type Verifier } from "../checkpoints/signed-note.ts";

/** A state of the log to compare it with, and where it comes from. */
export interface KnownCheckpoint extends TreeHead {
  /** Who signed it; nobody, if a snapshot knows it. */
  readonly note?: Note;
  readonly file: string;
  readonly offset: number;
}

/** Reads the checkpoints beside the log and those that witnesses have kept. */
export async function knownCheckpoints(
  directory: string,
  witnessed: readonly string[],
  fault: (fault: Fault) => void,
): Promise<KnownCheckpoint[]> {
  const file = checkpointPath(directory);
  const own = (await readCheckpoints(directory)).map(({ offset, note = "" }) => ({
    file,
    offset,
    note,
  }));
  const others = witnessed.map((note, at) => ({ file: `witness ${at}`, offset: 0, note }));
  const known: KnownCheckpoint[] = [];
  for (const { note: text, ...place } of [...own, ...others]) {
    const checkpoint = parse(text);
    if (checkpoint !== undefined) known.push({ ...checkpoint, ...place });
    else
      fault({ kind: "checkpoint", seq: 0, count: 0, ...place, detail: "It is not a checkpoint." });
  }
  return known;
}

function parse(text: string): (Checkpoint & { readonly note: Note }) | undefined {
  try {
    const note = parseNote(text);
    return { ...parseCheckpoint(note.text), note };
  } catch {
    return undefined;
  }
}

/** Whether a key that is trusted signed the checkpoint. What a snapshot knows needs none. */
export function isSigned({ note }: KnownCheckpoint, trusted: readonly Verifier[]): boolean {
  return note === undefined || verifyNote(note, trusted).length > 0;
}
