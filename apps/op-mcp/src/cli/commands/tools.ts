import { type Risk, risks, type ToolDescriptor } from "op-tools";
import type { ToolQuery } from "../cli-system.ts";
import type { RunCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { FlagValues } from "../flags.ts";
import type { Look, Screen } from "../screen.ts";
import { withSystem } from "../with-system.ts";

const looks: Readonly<Record<Risk, Look>> = {
  read: "green",
  write: "yellow",
  destructive: "red",
  privileged: "red",
};

/** `op-mcp tools [query]`: lists the tools that fit. */
export const runTools: RunCommand = async (context) => {
  const { flags, positionals, screen, io, signal } = context;
  const query = toQuery(flags, positionals);
  const tools = await withSystem(context, (system) => system.findTools(query, { signal }));
  if (flags.has("json")) screen.json(tools);
  else if (tools.length > 0) printTools(screen, tools);
  else io.stderr.write("No tool fits. `op-mcp tools` lists all of them.\n");
  return exitCodes.ok;
};

function printTools(screen: Screen, tools: readonly ToolDescriptor[]): void {
  screen.table(
    ["NAME", "RISK", "SOURCE", "DESCRIPTION"],
    tools.map(({ name, risk, source, description }) => [
      { text: name, look: "cyan" },
      { text: risk, look: looks[risk] },
      { text: source, look: "dim" },
      { text: firstSentence(description) },
    ]),
  );
}

function firstSentence(description: string): string {
  const [line = ""] = description.split("\n", 1);
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
}

function toQuery(flags: FlagValues, positionals: readonly string[]): ToolQuery {
  const risk = risks.find((each) => each === flags.text("risk"));
  const [source, category] = [flags.text("source"), flags.text("category")];
  return {
    ...(positionals.length === 0 ? {} : { text: positionals.join(" ") }),
    ...(source === undefined ? {} : { source }),
    ...(category === undefined ? {} : { category }),
    ...(risk === undefined ? {} : { risk }),
  };
}
