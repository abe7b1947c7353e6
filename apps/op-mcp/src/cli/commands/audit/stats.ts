import { openAuditLogs } from "../../../audit/audit-logs.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

const columns = ["kind", "outcome", "risk", "principal", "tool", "event"] as const;
const mostValues = 10;

/** `op-mcp audit stats`: how many entries there are, by who, what and how. */
export const runAuditStats: RunCommand = async (context) => {
  const { flags, screen } = context;
  const { root } = await findAuditPlaces(context);
  await using logs = await openAuditLogs(root, flags.text("log"));
  const counts = new Map<string, ReadonlyMap<string, number>>();
  for (const column of columns) counts.set(column, await logs.count(column));
  if (flags.has("json")) {
    const values = [...counts].map(([column, each]) => [column, Object.fromEntries(each)]);
    screen.json({ logs: logs.places.map(({ name }) => name), counts: Object.fromEntries(values) });
    return exitCodes.ok;
  }
  const rows = [...counts].flatMap(([column, each]) =>
    [...each]
      .slice(0, mostValues)
      .map(([value, count], index) => [
        { text: index === 0 ? column : "", look: "bold" as const },
        { text: String(count).padStart(8) },
        { text: value },
      ]),
  );
  screen.table(["BY", "ENTRIES", "VALUE"], rows);
  return exitCodes.ok;
};
