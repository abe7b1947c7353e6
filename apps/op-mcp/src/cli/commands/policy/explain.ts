import { userInfo } from "node:os";
import { systemClock } from "op-core";
import { risks } from "op-tools";
import { explainDecision } from "../../../policy/explain-decision.ts";
import type { PolicyRequest } from "../../../policy/policy.ts";
import { readCallArguments } from "../../call-arguments.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { compileOwnPolicy, knownTools } from "../../policy/own-policy.ts";

/** `op-mcp policy explain TOOL [JSON]`: the decision about a call, and how it came about. */
export const runPolicyExplain: RunCommand = async (context) => {
  const policy = await compileOwnPolicy(context);
  const explanation = explainDecision(policy, await readRequest(context));
  const { text, ...data } = explanation;
  const { flags, screen } = context;
  if (flags.has("json")) screen.json(data);
  else screen.line(screen.block(text));
  return exitCodes.ok;
};

async function readRequest(context: CommandContext): Promise<PolicyRequest> {
  const { flags, io, positionals } = context;
  const [name = "", source] = positionals;
  const args = await readCallArguments(source, io);
  const tool = (await knownTools(context)).find((each) => each.name === name);
  const client = flags.text("client");
  const named = risks.find((each) => each === flags.text("risk"));
  return {
    principal: {
      id: flags.text("as") ?? `unix:uid=${userInfo().uid}`,
      scopes: flags.all("scope"),
    },
    ...(client === undefined ? {} : { client }),
    tool: name,
    source: tool?.source ?? "",
    category: tool?.category ?? "",
    tags: tool?.tags ?? [],
    // What is not known counts as grave.
    risk: named ?? tool?.risk ?? "destructive",
    args,
    atMs: systemClock.now(),
  };
}
