import type { StatePlan } from "../plan/state-plan.ts";
import { StatePlanUnknownError } from "../state-error.ts";

/** The last plans that were shown, so that one of them can be applied by its name. */
export interface PlanShelf {
  /** Keeps a plan and says what it is called. */
  put(plan: StatePlan): string;
  /** Throws `ERR_STATE_PLAN_UNKNOWN`. */
  get(name: string): StatePlan;
}

const mostPlans = 64;

/** The name of a plan: the beginning of its hash. */
export function planName({ hash }: Pick<StatePlan, "hash">): string {
  return hash.slice(0, 16);
}

/** Makes an empty shelf; the plan that was made longest ago goes first. */
export function createPlanShelf(): PlanShelf {
  const plans = new Map<string, StatePlan>();
  return {
    put: (plan) => {
      const name = planName(plan);
      plans.delete(name);
      plans.set(name, plan);
      const [oldest] = plans.keys();
      if (plans.size > mostPlans && oldest !== undefined) plans.delete(oldest);
      return name;
    },
    get: (name) => {
      const plan = plans.get(name);
      if (plan === undefined) throw new StatePlanUnknownError(name);
      return plan;
    },
  };
}
