import { configReference, renderConfigDocs } from "../../config/config-docs.ts";
import { renderConfigSchema } from "../../config/config-schema.ts";
import { effectiveValues, shownConfig } from "../../config/effective-values.ts";
import type { Origin } from "../../config/config-layer.ts";
import type { CommandContext, RunCommand } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";

type Show = (context: CommandContext) => Promise<void> | void;

const shows: ReadonlyMap<string, Show> = new Map<string, Show>([
  ["show", show],
  ["check", check],
  ["schema", ({ screen }) => screen.line(renderConfigSchema().trimEnd())],
  ["docs", docs],
]);

/** `op-mcp config show|schema|docs|check`. */
export const runConfig: RunCommand = async (context): Promise<ExitCode> => {
  const [what = "show"] = context.positionals;
  await shows.get(what)?.(context);
  return exitCodes.ok;
};

async function show(context: CommandContext): Promise<void> {
  const { flags, screen } = context;
  const loaded = await context.loadConfig();
  if (!flags.has("origin")) {
    screen.json(shownConfig(loaded));
    return;
  }
  const values = effectiveValues(loaded);
  if (flags.has("json")) {
    screen.json(
      values.map(({ leaf, shown, origin }) => ({ key: leaf.path, value: shown, origin })),
    );
    return;
  }
  screen.table(
    ["KEY", "VALUE", "FROM"],
    values.map(({ leaf, shown, origin }) => [
      { text: leaf.path, look: "cyan" },
      { text: JSON.stringify(shown) },
      {
        text: describeOrigin(origin),
        ...(origin.layer === "default" ? { look: "dim" as const } : {}),
      },
    ]),
  );
}

async function check(context: CommandContext): Promise<void> {
  const { files } = await context.loadConfig();
  if (context.flags.has("json")) {
    context.screen.json({ ok: true, files });
    return;
  }
  const { screen } = context;
  screen.line(screen.paint("The configuration is fine.", "green"));
  for (const { file, layer } of files) screen.line(`  ${screen.text(file)} (${layer})`);
  if (files.length === 0) screen.line("  No file is in use.");
}

function docs({ flags, screen }: CommandContext): void {
  if (flags.has("json")) screen.json(configReference());
  else screen.line(renderConfigDocs().trimEnd());
}

function describeOrigin({ where, line }: Origin): string {
  return line === undefined ? where : `${where}:${line}`;
}
