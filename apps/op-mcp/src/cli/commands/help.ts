import type { CommandGroup, CommandSpec, PositionalSpec, RunCommand } from "../command.ts";
import { commandGroups, commands } from "../commands.ts";
import { exitCodes } from "../exit-codes.ts";
import { type FlagSpec, globalFlags } from "../flags.ts";
import { commandsOf, unknownCommand } from "../parse-arguments.ts";
import type { Screen } from "../screen.ts";

/** `op-mcp help [command]`. */
export const runHelp: RunCommand = async ({ positionals, flags, screen }) => {
  const topic = findTopic(positionals.join(" "));
  if (flags.has("json")) screen.json(topicToJson(topic));
  else if (topic === undefined) printOverview(screen);
  else if (isGroup(topic)) printGroup(screen, topic);
  else printCommand(screen, topic);
  return exitCodes.ok;
};

type Topic = CommandSpec | CommandGroup | undefined;

function isGroup(topic: CommandSpec | CommandGroup): topic is CommandGroup {
  return !("load" in topic);
}

function findTopic(name: string): Topic {
  if (name === "") return undefined;
  const topic = [...commands, ...commandGroups].find((each) => each.name === name);
  if (topic === undefined) throw unknownCommand(name, { commands, groups: commandGroups });
  return topic;
}

function topicToJson(topic: Topic): object {
  if (topic === undefined) return { commands: commands.map(toJson), flags: globalFlags };
  if (!isGroup(topic)) return toJson(topic);
  return { ...topic, commands: commandsOf(topic, commands).map(toJson) };
}

function toJson(command: CommandSpec): object {
  const { name, summary, positionals, flags, examples } = command;
  return { name, usage: `op-mcp ${usageOf(command)}`, summary, positionals, flags, examples };
}

/** One line a command; those of a group share one, where the first of them stands. */
function overviewRows(): readonly (readonly [string, string])[] {
  const rows = new Map<string, readonly [string, string]>();
  for (const command of commands) {
    const group = commandGroups.find(({ name }) => command.name.startsWith(`${name} `));
    if (group === undefined) rows.set(command.name, [usageOf(command), command.summary]);
    else rows.set(group.name, [`${group.name} COMMAND`, group.summary]);
  }
  return [...rows.values()];
}

function printGroup(screen: Screen, group: CommandGroup): void {
  screen.line(`${screen.paint(`op-mcp ${group.name} COMMAND`, "bold")}: ${group.summary}\n`);
  printHead(screen, "Commands");
  printRows(
    screen,
    commandsOf(group, commands).map((command) => [usageOf(command), command.summary]),
  );
}

function printOverview(screen: Screen): void {
  screen.line(`${screen.paint("op-mcp", "bold")}: one MCP endpoint for a Linux machine\n`);
  screen.line("Without a command it speaks MCP on stdin and stdout: let your client start it.\n");
  printHead(screen, "Commands");
  printRows(screen, overviewRows());
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
