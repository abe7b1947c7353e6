import { hostname, userInfo } from "node:os";
import type { CheckedCommand } from "./check-command.ts";
import { listProcesses } from "./list-processes.ts";

type BuiltInCommand = (command: CheckedCommand) => string;

/** Commands that need no program: what they print is known here. */
export const builtInCommands: ReadonlyMap<string, BuiltInCommand> = new Map<string, BuiltInCommand>(
  [
    ["echo", ({ words, options }) => words.join(" ") + (options.includes("-n") ? "" : "\n")],
    ["pwd", ({ cwd }) => `${cwd}\n`],
    ["hostname", ({ options }) => `${options.length === 0 ? hostname() : shortHostname()}\n`],
    ["ps", listProcesses],
    ["whoami", () => `${findUser()}\n`],
  ],
);

function shortHostname(): string {
  return hostname().split(".")[0] ?? "";
}

/** The user of a sandbox has a number, and seldom a name. */
function findUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
