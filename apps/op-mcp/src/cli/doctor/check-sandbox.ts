import type { DoctorCheck } from "../cli-system.ts";
import { failedCheck } from "./local-checks.ts";

const name = "Sandbox";

/** Which isolation agents get here, as tried out, and what would make it stronger. */
export async function checkSandbox(signal: AbortSignal): Promise<DoctorCheck> {
  try {
    const { inspectSandbox } = await import("../../processes/open-processes.ts");
    const { strongest, containment, levels, mechanisms } = await inspectSandbox({ signal });
    const needed = new Set(levels.flatMap(({ missing }) => missing));
    const missing = mechanisms.filter(({ mechanism }) => needed.has(mechanism));
    const namesOf = (isAvailable: boolean): string =>
      mechanisms
        .filter((each) => each.isAvailable === isAvailable)
        .map((each) => each.mechanism)
        .join(", ") || "nothing";
    const detail = `${strongest}; what is left of a child is found by ${containment}; works: ${namesOf(true)}; not used: ${namesOf(false)}`;
    if (missing.length === 0) return { name, status: "ok", detail };
    const why = missing.map(({ mechanism, detail: found }) => `${mechanism}: ${found}`);
    const advice = missing.map((each) => each.advice).filter((text) => text !== undefined);
    return {
      name,
      status: "warn",
      detail: [detail, ...why].join("\n"),
      advice: ["Agents that need more isolation do not start.", ...advice].join(" "),
    };
  } catch (error) {
    return failedCheck(name, error);
  }
}
