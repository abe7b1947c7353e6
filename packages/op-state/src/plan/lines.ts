/** Changes as lines that people read, for those who need nothing else of this package. */
export { changeLines, type PlanLine, type ShownChange } from "./render-plan.ts";
