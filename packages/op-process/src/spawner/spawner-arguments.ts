import type { SpawnerSettings } from "./spawner-message.ts";

/** The arguments by which a host tells a spawner its settings. */
export function formatSpawnerArguments({ socket, useCgroups }: SpawnerSettings): string[] {
  return [socket, useCgroups ? "cgroups" : "no-cgroups"];
}

/** Reads what {@link formatSpawnerArguments} wrote. */
export function parseSpawnerArguments([socket = "", cgroups]: readonly string[]): SpawnerSettings {
  return { socket, useCgroups: cgroups === "cgroups" };
}
