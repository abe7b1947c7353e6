import type { CommandSpec, RunCommand } from "../command.ts";
import { commands } from "../commands.ts";
import { exitCodes } from "../exit-codes.ts";
import { type FlagSpec, globalFlags } from "../flags.ts";

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
  const cases = commands.map(
    (command) =>
      `    ${command.name}) words="${[...choicesOf(command), ...flagsOf(command)].join(" ")}" ;;`,
  );
  return `_op_mcp() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words="${names().join(" ")}"
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names().join(" ")}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _op_mcp op-mcp`;
}

function renderZsh(): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  const cases = commands.map(
    (command) =>
      `    ${command.name}) compadd -- ${[...choicesOf(command), ...flagsOf(command)].join(" ")} ;;`,
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
  case "$words[2]" in
${cases.join("\n")}
  esac
  _files
}
compdef _op_mcp op-mcp`;
}

function renderFish(): string {
  const lines = commands.flatMap((command) => [
    `complete -c op-mcp -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
    ...(choicesOf(command).length === 0
      ? []
      : [`complete -c op-mcp ${seen(command)} -f -a ${quote(choicesOf(command).join(" "))}`]),
    ...command.flags.map((flag) => `complete -c op-mcp ${seen(command)} ${fishFlag(flag)}`),
  ]);
  return [...lines, ...globalFlags.map((flag) => `complete -c op-mcp ${fishFlag(flag)}`)].join(
    "\n",
  );
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

function seen(command: CommandSpec): string {
  return `-n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
}

function names(): readonly string[] {
  return commands.map((command) => command.name);
}

function choicesOf(command: CommandSpec): readonly string[] {
  const own = command.positionals.flatMap(({ choices }) => choices ?? []);
  return command.name === "help" ? names() : own;
}

function flagsOf(command: CommandSpec): readonly string[] {
  return [...command.flags, ...globalFlags].map((flag) => `--${flag.name}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
