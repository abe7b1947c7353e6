import { builtInPluginNames } from "op-state/config";
import type { ExternalPluginConfig } from "../../../state/external/external-plugin-config.ts";
import type { PluginReport } from "../../../state/external/plugin-inspector.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Cell } from "../../format-table.ts";
import { withInspector } from "../../plugins/with-inspector.ts";
import type { Look } from "../../screen.ts";

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly status: "on" | "off" | "ok" | "failed" | "not added";
  readonly detail: string;
}

const looks: Readonly<Record<Row["status"], Look>> = {
  on: "green",
  ok: "green",
  off: "dim",
  failed: "red",
  "not added": "yellow",
};

/** `op-mcp plugins list`: those that come with op-mcp, those of others, and services that could be added. */
export const runPluginsList: RunCommand = async (context) => {
  const { flags, screen, signal } = context;
  const rows = await withInspector(context, async ({ inspector, state }) => {
    const external = Object.entries(state.external);
    const reports = await Promise.all(
      external.map(async ([name, where]) => toRow(await inspector.report(name, where), where)),
    );
    const added = new Set(external.flatMap(([, { target }]) => target));
    const services = (await inspector.findServices(signal)).filter((name) => !added.has(name));
    return [
      ...builtInPluginNames.map((name): Row => {
        const isOn = state.isEnabled && state.plugins.includes(name);
        return { name, kind: "built in", status: isOn ? "on" : "off", detail: "" };
      }),
      ...reports,
      ...services.map((name): Row => {
        const detail = `op-mcp plugins add --service ${name}`;
        return { name, kind: "service", status: "not added", detail };
      }),
    ];
  });
  if (flags.has("json")) screen.json(rows);
  else screen.table(["NAME", "KIND", "STATUS", "DETAILS"], rows.map(toCells));
  return rows.some(({ status }) => status === "failed") ? exitCodes.failed : exitCodes.ok;
};

function toRow(
  { name, version, keys, problem }: PluginReport,
  { kind, target }: ExternalPluginConfig,
): Row {
  if (problem !== undefined) return { name, kind, status: "failed", detail: problem };
  const detail = `version ${version ?? ""}, ${keys ?? ""}: ${target.join(" ")}`;
  return { name, kind, status: "ok", detail };
}

function toCells({ name, kind, status, detail }: Row): readonly Cell[] {
  return [{ text: name }, { text: kind }, { text: status, look: looks[status] }, { text: detail }];
}
