import type { CommandGroup, CommandSpec, RunCommand } from "../command.ts";
import { commandGroups, commands } from "../commands.ts";
import { exitCodes } from "../exit-codes.ts";
import { type FlagSpec, globalFlags } from "../flags.ts";
import { commandsOf } from "../parse-arguments.ts";

const renderers: ReadonlyMap<string, () => string> = new Map([
  ["bash", renderBash],
  ["zsh", renderZsh],
  ["fish", renderFish],
]);

/** `op-mcp completions bash|zsh|fish`: prints a script for the shell to read. */
export const runCompletions: RunCommand = async ({ positionals, flags, screen }) => {
  const [shell = ""] = positionals;
  const script = renderers.get(shell)?.() ?? "";
  if (flags.has("json")) screen.json({ shell, script });
  else screen.line(script);
  return exitCodes.ok;
};

function renderBash(): string {
  const cases = wordsAfter().map(
    ([pattern, words]) => `    ${pattern}) words="${words.join(" ")}" ;;`,
  );
  return `_op_mcp() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words="${firstWords().join(" ")}"
  case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${firstWords().join(" ")}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _op_mcp op-mcp`;
}

function renderZsh(): string {
  const described = topics().map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  const cases = wordsAfter().map(
    ([pattern, words]) => `    ${pattern}) compadd -- ${words.join(" ")} ;;`,
  );
  return `#compdef op-mcp
_op_mcp() {
  local -a commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2] $words[3]" in
${cases.join("\n")}
  esac
  _files
}
compdef _op_mcp op-mcp`;
}

function renderFish(): string {
  const first = topics().map(
    ({ name, summary }) =>
      `complete -c op-mcp -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
  );
  const second = commandGroups.flatMap((group) =>
    commandsOf(group, commands).map(
      (command) =>
        `complete -c op-mcp ${inGroup(group)} -f -a ${lastWord(command)} -d ${quote(command.summary)}`,
    ),
  );
  const lines = commands.flatMap((command) => [
    ...(choicesOf(command).length === 0
      ? []
      : [`complete -c op-mcp ${seen(command)} -f -a ${quote(choicesOf(command).join(" "))}`]),
    ...command.flags.map((flag) => `complete -c op-mcp ${seen(command)} ${fishFlag(flag)}`),
  ]);
  return [
    ...first,
    ...second,
    ...lines,
    ...globalFlags.map((flag) => `complete -c op-mcp ${fishFlag(flag)}`),
  ].join("\n");
}

function fishFlag({ name, short, value, choices, summary }: FlagSpec): string {
  const parts = [
    `-l ${name}`,
    short === undefined ? "" : `-s ${short}`,
    value === undefined ? "" : "-r",
    choices === undefined ? "" : `-f -a ${quote(choices.join(" "))}`,
    `-d ${quote(summary)}`,
  ];
  return parts.filter(Boolean).join(" ");
}

function seen({ name }: CommandSpec): string {
  const words = name.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
  return `-n ${quote(words.join("; and "))}`;
}

function inGroup(group: CommandGroup): string {
  const second = commandsOf(group, commands).map(lastWord).join(" ");
  return `-n ${quote(`__fish_seen_subcommand_from ${group.name}; and not __fish_seen_subcommand_from ${second}`)}`;
}

/** Each thing that can come first. */
function topics(): readonly CommandGroup[] {
  return [...commands.filter(({ name }) => !name.includes(" ")), ...commandGroups];
}

function firstWords(): readonly string[] {
  return topics().map(({ name }) => name);
}

function lastWord({ name }: CommandSpec): string {
  return name.slice(name.indexOf(" ") + 1);
}

/** Patterns of a shell's `case` over the first two words, the narrow ones first, and what may follow them. */
function wordsAfter(): readonly (readonly [string, readonly string[]])[] {
  const ofCommands = commands.map((command) => {
    const [first, second = "*"] = command.name.split(" ");
    return [`${first}\\ ${second}`, [...choicesOf(command), ...flagsOf(command)]] as const;
  });
  const ofGroups = commandGroups.map(
    (group) => [`${group.name}\\ *`, commandsOf(group, commands).map(lastWord)] as const,
  );
  return [...ofCommands, ...ofGroups];
}

function choicesOf(command: CommandSpec): readonly string[] {
  const own = command.positionals.flatMap(({ choices }) => choices ?? []);
  return command.name === "help" ? firstWords() : own;
}

function flagsOf(command: CommandSpec): readonly string[] {
  return [...command.flags, ...globalFlags].map((flag) => `--${flag.name}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
