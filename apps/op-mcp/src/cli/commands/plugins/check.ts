import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { PluginStates } from "../../../state/external/plugin-inspector.ts";
import { createTerminalAsk } from "../../ask-on-terminal.ts";
import { UsageError } from "../../cli-error.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { asObject } from "../../json-fields.ts";
import { unknownPlugin } from "../../plugins/unknown-plugin.ts";
import { withInspector } from "../../plugins/with-inspector.ts";
import { readDesiredState } from "../../state/read-desired-state.ts";

/** `op-mcp plugins check NAME [FILE…]`: the contract suite, with the states of files or of the plugin itself. */
export const runPluginsCheck: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const [name = "", ...files] = positionals;
  return await withInspector(context, async ({ inspector, state }) => {
    const where = state.external[name];
    if (where === undefined) throw unknownPlugin(name, Object.keys(state.external));
    const states =
      files.length > 0
        ? await readStates(context, name, files)
        : await inspector.examples(name, where);
    if (states.length === 0) throw noStates(name);
    if (!(await isAgreedTo(context, name, states))) return exitCodes.denied;
    const cases = await Array.fromAsync(inspector.check(name, where, states), (report) => {
      if (!flags.has("json")) {
        const mark = report.problem === undefined ? "✓" : "✗";
        const look = report.problem === undefined ? "green" : "red";
        screen.line(`${screen.paint(mark, look)} ${screen.text(report.name)}`);
        if (report.problem !== undefined) screen.line(`    ${screen.text(report.problem)}`);
      }
      return report;
    });
    const failed = cases.filter(({ problem }) => problem !== undefined);
    if (flags.has("json")) screen.json({ name, isKept: failed.length === 0, cases });
    else if (failed.length === 0) screen.line(`${name} keeps the contract.`);
    else screen.line(screen.paint(`${failed.length} of ${cases.length} cases fail.`, "red"));
    return failed.length === 0 ? exitCodes.ok : exitCodes.failed;
  });
};

async function isAgreedTo(
  { flags, io, signal }: CommandContext,
  name: string,
  states: PluginStates,
): Promise<boolean> {
  if (flags.has("yes")) return true;
  const keys = [...new Set(states.flat().map(({ key }) => `${name}:${key}`))].join(", ");
  const answer = await createTerminalAsk(
    io,
    signal,
  )({
    key: "check",
    message: `The suite changes these resources of this machine several times, and brings them back: ${keys}`,
    schema: { type: "object", properties: {} },
  });
  return answer.action === "accept";
}

async function readStates(
  { io }: CommandContext,
  name: string,
  files: readonly string[],
): Promise<PluginStates> {
  const states: PluginStates[number][] = [];
  for (const file of files) {
    const resources = asObject((await readDesiredState([file], io))[name]);
    states.push(
      Object.entries(resources).map(([key, value]) => ({ key, desired: toDesired(value) })),
    );
  }
  return states;
}

/** The order of changes is no matter of one plugin. */
function toDesired(value: JsonValue): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const { requires: _order, ...desired } = value;
  return desired;
}

function noStates(name: string): UsageError {
  return new UsageError(`The plugin ${name} names no states to try.`, {
    advice: "Give two files of desired state that declare the same resources differently.",
  });
}
