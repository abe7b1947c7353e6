import { isAlive, readGone, type ProcessEntry, type ProcessTable } from "./process-table.ts";

/** The variable by which whatever a child starts can be found, wherever it hides. */
export const markerVariable = "OP_PROCESS_ID";

/** What the processes of one child have in common. */
export interface ProcessTraces {
  /** The first process: it leads a session and a group. */
  readonly leader?: { readonly pid: number; readonly startTime: number };
  /** The user that nobody else has. */
  readonly uid?: number;
  /** The value of {@link markerVariable}. */
  readonly marker: string;
}

/** The live processes that descend from the leader, or are in its group or session. */
export function findRelatives(table: ProcessTable, { leader }: ProcessTraces): ProcessEntry[] {
  if (leader === undefined) return [];
  const there = table.get(leader.pid);
  // A number is not given away while it still names a group or a session: here both have ended.
  if (there !== undefined && there.startTime !== leader.startTime) return [];
  const isFamily = rememberFamily(table, leader.pid);
  return [...table.values()].filter(
    (entry) =>
      isAlive(entry) &&
      (entry.group === leader.pid || entry.session === leader.pid || isFamily(entry)),
  );
}

/** The live processes of a child, those included that left its group, its session and its parents. */
export function findMembers(table: ProcessTable, traces: ProcessTraces): ProcessEntry[] {
  const found = new Set(findRelatives(table, traces));
  const earliest = traces.leader?.startTime ?? 0;
  for (const entry of table.values()) {
    if (found.has(entry) || entry.startTime < earliest || !isAlive(entry)) continue;
    if (hasUser(entry.pid, traces.uid) || hasMarker(entry.pid, traces.marker)) found.add(entry);
  }
  return [...found];
}

/** Tells whether a process descends from another, asking for each process once. */
function rememberFamily(table: ProcessTable, root: number): (entry: ProcessEntry) => boolean {
  const known = new Map([[root, true]]);
  return (entry) => {
    // The table is not of one instant: two processes may seem to be each other's parent.
    const path = new Set<number>();
    let at: ProcessEntry | undefined = entry;
    while (at !== undefined && !known.has(at.pid) && !path.has(at.pid)) {
      path.add(at.pid);
      at = table.get(at.parent);
    }
    const answer = at !== undefined && known.get(at.pid) === true;
    for (const pid of path) known.set(pid, answer);
    return answer;
  };
}

function hasUser(pid: number, uid: number | undefined): boolean {
  if (uid === undefined) return false;
  const [, ...uids] = /^Uid:\s+(\d+)\s+(\d+)/mu.exec(readGone(`/proc/${pid}/status`) ?? "") ?? [];
  return uids.includes(String(uid));
}

function hasMarker(pid: number, marker: string): boolean {
  const variables = readGone(`/proc/${pid}/environ`)?.split("\0");
  return variables?.includes(`${markerVariable}=${marker}`) ?? false;
}
