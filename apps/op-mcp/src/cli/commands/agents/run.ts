import { callAgents } from "../../agents/call-agents.ts";
import { readCallArguments } from "../../call-arguments.ts";
import type { RunCommand } from "../../command.ts";
import { asList, asObject, asText } from "../../json-fields.ts";
import { exitCodes } from "../../exit-codes.ts";
import { UsageError } from "../../cli-error.ts";

/** `op-mcp agents run TYPE OPERATION JSON`: gives an agent a task, and shows what it says until it is done. */
export const runAgentsRun: RunCommand = async (context) => {
  const [type = "", operation = "", source] = context.positionals;
  const { io, flags, screen } = context;
  const args = await readCallArguments(source, io);
  const listed = await callAgents(context, { tool: "list_agents" });
  const types = asList(listed["types"]).map(asObject);
  const tools = asList(types.find((each) => each["type"] === type)?.["tools"]).map(asText);
  const tool = [operation, `${type}_${operation}`].find((name) => tools.includes(name));
  if (tool === undefined) throw unknown({ type, operation, known: types.map(asType), tools });
  const result = await callAgents(context, {
    tool,
    args,
    onProgress: ({ message = "" }) => io.stderr.write(screen.block(message)),
  });
  if (flags.has("json")) screen.line(JSON.stringify(result));
  else screen.json(result);
  return exitCodes.ok;
};

function asType(each: ReturnType<typeof asObject>): string {
  return asText(each["type"]);
}

interface Unknown {
  readonly type: string;
  readonly operation: string;
  readonly known: readonly string[];
  readonly tools: readonly string[];
}

function unknown({ type, operation, known, tools }: Unknown): UsageError {
  if (tools.length === 0) {
    const advice = `There are: ${known.join(", ")}.`;
    return new UsageError(`There is no agent of type ${JSON.stringify(type)}.`, { advice });
  }
  return new UsageError(`Agents of type ${type} do not do ${JSON.stringify(operation)}.`, {
    advice: `They do: ${tools.join(", ")}.`,
  });
}
