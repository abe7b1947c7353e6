import { hash } from "node:crypto";
import { packageFacts } from "../package.ts";
import type { StateSettings } from "./state-settings.ts";

/** What the list of tools is made of: nothing is loaded to know that it is still the same. */
export function stateFingerprint(
  plugins: readonly string[],
  { external }: Pick<StateSettings, "external">,
): string {
  return hash("sha256", JSON.stringify([packageFacts().version, plugins, external]));
}
