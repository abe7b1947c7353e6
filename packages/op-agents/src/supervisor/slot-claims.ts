import type { AgentGroup } from "./agent-group.ts";

/** Sees to it that no type goes without any agent for ever because others have all the places. */
export interface SlotClaims {
  /** A type has tasks and no agent. */
  add(type: string): void;
  /** Something changed: an agent that is idle now, or has worked long enough, makes room for a type that has none. */
  serve(): void;
  /** The groups in the order in which they get a place that is free: those first that wait for one, as they came. */
  order(): readonly AgentGroup[];
}

/** Makes the claims of these groups. */
export function createSlotClaims(groups: ReadonlyMap<string, AgentGroup>): SlotClaims {
  const claims = new Set<string>();
  /** How many agents are leaving for somebody. */
  let leaving = 0;

  const giveUpOne = (): void => {
    const others = [...groups.values()].filter(({ spec }) => !claims.has(spec.type));
    const spare = others.filter(({ size, spec }) => size > spec.instances.min);
    for (const kind of ["idle", "has-had-its-turn"] as const) {
      for (const group of [...spare, ...others]) {
        const agent = group.giveUp(kind);
        if (agent === undefined) continue;
        leaving += 1;
        void agent.ended.then(() => (leaving -= 1));
        return;
      }
    }
  };
  const serve = () => {
    for (const type of claims) if (groups.get(type)?.isStarved !== true) claims.delete(type);
    for (let missing = claims.size - leaving; missing > 0; missing -= 1) giveUpOne();
  };
  return {
    add: (type) => {
      claims.add(type);
      serve();
    },
    serve,
    order: () => {
      const first = [...claims].flatMap((type) => groups.get(type) ?? []);
      return [...first, ...[...groups.values()].filter((group) => !first.includes(group))];
    },
  };
}
