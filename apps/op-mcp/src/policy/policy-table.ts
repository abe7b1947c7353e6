import * as z from "zod";
import { parseConfigText } from "../config/parse-config-text.ts";
import { toPlainJson } from "../config/to-plain-json.ts";
import { PolicyTableError } from "./policy-error.ts";
import { toProblems } from "./read-policy-values.ts";

const PrincipalFacts = z.strictObject({
  id: z.string().meta({ description: "For example `unix:uid=1000`." }),
  scopes: z.array(z.string()).default([]).meta({ description: "What an OAuth token grants." }),
  groups: z.array(z.int()).default([]).meta({ description: "The groups of a local user." }),
});

/** A call and what the policy should make of it. */
const PolicyExample = z.strictObject({
  as: z
    .union([z.string().transform((id) => PrincipalFacts.parse({ id })), PrincipalFacts])
    .meta({ description: "Who calls: an id, or an id with scopes and groups." }),
  client: z.string().optional().meta({ description: "What the client calls itself." }),
  tool: z.string().meta({ description: "The tool's name." }),
  source: z.string().optional().meta({ description: "The tool's source, if not as it is." }),
  category: z.string().optional().meta({ description: "The tool's category, if not as it is." }),
  risk: z
    .enum(["read", "write", "destructive", "privileged"])
    .optional()
    .meta({ description: "The call's risk, if not the tool's; destructive for unknown tools." }),
  needsApproval: z.boolean().default(false).meta({
    description: "Whether the tool wants a person to agree, whatever the risk.",
  }),
  canPreview: z.boolean().default(true).meta({
    description: "Whether the tool can say what it would do.",
  }),
  args: z
    .record(z.string(), z.unknown())
    .default({})
    .transform(toPlainObject)
    .meta({ description: "The arguments." }),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: "When, as in `2026-10-05T09:30:00Z`." }),
  expect: z
    .enum(["allow", "deny", "ask", "dry-run"])
    .meta({ description: "What should become of the call." }),
  rule: z.string().optional().meta({ description: "What should decide, as decisions name it." }),
});

/** A call and what the policy should make of it. */
export type PolicyExample = z.output<typeof PolicyExample>;

const root = "The table";

const PolicyTable = z.array(PolicyExample);

function toPlainObject(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, toPlainJson(value)]),
  );
}

/**
 * Reads a table of examples: a text, YAML unless the file's name says otherwise, or values that were read already.
 * Throws `ERR_POLICY_TABLE`.
 */
export async function parsePolicyTable(
  table: unknown,
  file = "examples.yaml",
): Promise<readonly PolicyExample[]> {
  const values = await toValues(table, file);
  const parsed = PolicyTable.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new PolicyTableError(
    parsed.error.issues.flatMap((issue) => toProblems(issue, { values, root })),
  );
}

async function toValues(table: unknown, file: string): Promise<unknown> {
  if (typeof table !== "string") return table;
  try {
    return (await parseConfigText(file, table)).value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `cannot be read: ${reason}`;
    throw new PolicyTableError([{ severity: "error", where: root, path: [], message }]);
  }
}
