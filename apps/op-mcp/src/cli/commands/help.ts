import { didYouMean } from "../../text/nearest.ts";
import { UsageError } from "../cli-error.ts";
import type { CommandSpec, PositionalSpec, RunCommand } from "../command.ts";
import { commands } from "../commands.ts";
import { exitCodes } from "../exit-codes.ts";
import { type FlagSpec, globalFlags } from "../flags.ts";
import type { Screen } from "../screen.ts";

/** `op-mcp help [command]`. */
export const runHelp: RunCommand = async ({ positionals, flags, screen }) => {
  const [name] = positionals;
  const command = name === undefined ? undefined : find(name);
  if (flags.has("json")) screen.json(command === undefined ? overview() : toJson(command));
  else if (command === undefined) printOverview(screen);
  else printCommand(screen, command);
  return exitCodes.ok;
};

function overview(): object {
  return { commands: commands.map(toJson), flags: globalFlags };
}

function toJson(command: CommandSpec): object {
  const { name, summary, positionals, flags, examples } = command;
  return { name, usage: `op-mcp ${usageOf(command)}`, summary, positionals, flags, examples };
}

function find(name: string): CommandSpec {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const names = commands.map((each) => each.name);
  throw new UsageError(`There is no command ${JSON.stringify(name)}.`, {
    advice: didYouMean(name, names) ?? `The commands are ${names.join(", ")}.`,
  });
}

function printOverview(screen: Screen): void {
  screen.line(`${screen.paint("op-mcp", "bold")}: one MCP endpoint for a Linux machine\n`);
  screen.line("Without a command it speaks MCP on stdin and stdout: let your client start it.\n");
  printHead(screen, "Commands");
  printRows(
    screen,
    commands.map((command) => [usageOf(command), command.summary]),
  );
  printHead(screen, "\nFlags of every command");
  printRows(screen, globalFlags.map(describeFlag));
  screen.line(
    "\n`op-mcp init claude-code` adds it to a client, `op-mcp help COMMAND` shows examples.",
  );
}

function printCommand(screen: Screen, command: CommandSpec): void {
  screen.line(`${screen.paint(`op-mcp ${usageOf(command)}`, "bold")}: ${command.summary}\n`);
  for (const { name, choices } of command.positionals) {
    if (choices !== undefined) screen.line(`${name} is one of ${choices.join(", ")}.\n`);
  }
  if (command.flags.length > 0) {
    printHead(screen, "Flags");
    printRows(screen, command.flags.map(describeFlag));
    screen.line();
  }
  printHead(screen, "Examples");
  for (const example of command.examples) screen.line(`  ${example}`);
}

function printHead(screen: Screen, text: string): void {
  screen.line(screen.paint(text, "bold"));
}

function printRows(screen: Screen, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([left]) => left.length));
  for (const [left, right] of rows) {
    screen.line(`  ${screen.paint(left.padEnd(width), "cyan")}  ${right}`);
  }
}

function usageOf({ name, positionals }: CommandSpec): string {
  return [name, ...positionals.map(describePositional)].join(" ");
}

function describePositional({ name, isRequired, isRest }: PositionalSpec): string {
  const shown = isRest === true ? `${name}…` : name;
  return isRequired ? shown : `[${shown}]`;
}

function describeFlag({
  name,
  short,
  value,
  choices,
  summary,
}: FlagSpec): readonly [string, string] {
  const long = `--${name}${value === undefined ? "" : ` ${value}`}`;
  const detail = choices === undefined ? summary : `${summary}: ${choices.join(", ")}`;
  return [short === undefined ? long : `-${short}, ${long}`, detail];
}
