/** For programs that are bundled into one file: the two lines of a spawner entry of their own. */
export { runSpawner } from "./run-spawner.ts";
export { parseSpawnerArguments } from "./spawner-arguments.ts";
export type { SpawnerSettings } from "./spawner-message.ts";
