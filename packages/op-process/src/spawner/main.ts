/** The program of the spawner that {@link openProcessHost} starts. */
import { parseSpawnerArguments } from "./spawner-arguments.ts";
import { runSpawner } from "./run-spawner.ts";

await runSpawner(parseSpawnerArguments(process.argv.slice(2)));
