import type { JsonObject } from "op-core";
import { asNumber, asObject } from "../json-fields.ts";
import type { Screen } from "../screen.ts";
import { changesOf, printChanges, printSummary } from "./print-changes.ts";

/** Prints a plan as `state_plan` answers it. */
export function printPlan(screen: Screen, plan: JsonObject): void {
  const changes = changesOf(plan);
  const unchanged = `${asNumber(asObject(plan["summary"])["unchanged"])} as desired`;
  if (changes.length === 0) {
    screen.line(`${screen.paint("✓", "green")} Nothing has to change: ${unchanged}.`);
    return;
  }
  printChanges(screen, changes);
  screen.line();
  printSummary(screen, changes, unchanged);
}
