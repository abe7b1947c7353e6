import type {
  DeclaredEntry,
  PruneQuery,
  RecordStep,
  StateRecord,
  StateStore,
  StepStatus,
} from "./state-store.ts";

/** Makes a store that forgets everything with its process: for trying out, and for tests. */
export function createMemoryStore(): StateStore {
  const records = new Map<number, StateRecord>();
  let lastId = 0;
  const steps = new Map<number, RecordStep[]>();
  const declared = new Map<string, DeclaredEntry>();
  const locks = new Set<string>();

  const change = (id: number, update: Partial<StateRecord>) => {
    const record = records.get(id);
    if (record !== undefined) records.set(id, { ...record, ...update });
  };

  return {
    begin: async (start, newSteps) => {
      const id = (lastId += 1);
      records.set(id, { ...start, id, endedMs: null, error: null, isRecovered: false });
      steps.set(
        id,
        newSteps.map((step) => ({ ...step, status: "pending" })),
      );
      return id;
    },
    markStep: async (id, index, status) => markStep(steps.get(id), index, status),
    markUndoing: async (id, error) => change(id, { status: "undoing", error }),
    end: async (id, { declared: updates, ...end }) => {
      change(id, end);
      for (const { plugin, key, declared: value } of updates) {
        const name = nameOf({ plugin, key });
        if (value === null) declared.delete(name);
        else declared.set(name, { plugin, key, ...value });
      }
    },
    records: async ({ limit = 100, beforeId = Infinity, isUnfinished = false } = {}) =>
      [...records.values()]
        .filter(({ id, status }) => id < beforeId && (!isUnfinished || isHalfDone(status)))
        .toReversed()
        .slice(0, limit),
    record: async (id) => records.get(id),
    steps: async (id) => steps.get(id) ?? [],
    earliestSince: async (id) => {
      const later = [...steps].filter(([of]) => of >= id).flatMap(([, list]) => list);
      const byName = Map.groupBy(later, nameOf);
      return [...byName.values()].flatMap((list) => list.slice(0, 1));
    },
    declared: async () =>
      [...declared.values()].toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1)),
    prune: async (query) => {
      const gone = forgotten([...records.values()], query);
      for (const { id } of gone) {
        records.delete(id);
        steps.delete(id);
      }
      return gone.length;
    },
    tryLock: async (name) => {
      if (locks.has(name)) return undefined;
      locks.add(name);
      return { [Symbol.asyncDispose]: async () => void locks.delete(name) };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The records before the first that stays. */
function forgotten(
  records: readonly StateRecord[],
  { keep, sinceMs }: PruneQuery,
): readonly StateRecord[] {
  const first = records.findIndex(
    ({ status, atMs }, index) =>
      isHalfDone(status) || (index >= records.length - keep && atMs >= sinceMs),
  );
  return first === -1 ? records : records.slice(0, first);
}

function markStep(list: RecordStep[] | undefined, index: number, status: StepStatus): void {
  const step = list?.[index];
  if (list !== undefined && step !== undefined) list[index] = { ...step, status };
}

function nameOf({ plugin, key }: { readonly plugin: string; readonly key: string }): string {
  return `${plugin}\0${key}`;
}

/** Whether a run of this status has still to be brought to an end. */
function isHalfDone(status: StateRecord["status"]): boolean {
  return status === "running" || status === "undoing";
}
