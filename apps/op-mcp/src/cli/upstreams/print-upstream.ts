import type { HeldTool } from "op-aggregator";
import type { UpstreamView } from "../../upstreams/upstream-record.ts";
import type { Screen } from "../screen.ts";
import { titleOf } from "./look-at-upstream.ts";

/** Prints what is known of a server; what stands under `more` first. */
export function printUpstream(
  screen: Screen,
  view: UpstreamView,
  more: readonly (readonly [string, string])[] = [],
): void {
  for (const [what, value] of [...more, ...factsOf(view)])
    if (value !== "") screen.line(`${screen.paint(what, "bold")}: ${screen.text(value)}`);
  const rows = view.tools.map(({ name, risk, description }) => [
    { text: name },
    { text: risk },
    { text: description },
  ]);
  if (rows.length > 0) screen.table(["TOOL", "RISK", "DESCRIPTION"], rows);
  for (const tool of view.held) printHeld(screen, tool);
  if (view.errors.length > 0) screen.line(screen.paint("What went wrong last", "bold"));
  for (const { at, message } of view.errors) screen.line(`  ${at}  ${screen.text(message)}`);
}

function factsOf(view: UpstreamView): readonly (readonly [string, string])[] {
  const { state, unreachable, revision, memoryBytes, pids, resources, templates, prompts, counts } =
    view;
  const { requests, failures, repeats, inFlight, lastMs } = counts;
  const megabytes = memoryBytes === undefined ? undefined : Math.round(memoryBytes / 1024 / 1024);
  return [
    ["State", unreachable === undefined ? state : `${state}: ${unreachable}`],
    ["Server", titleOf(view)],
    ["Protocol", revision],
    [
      "Requests",
      `${requests}, of which ${failures} failed for its sake, ${repeats} were made again and ${inFlight} wait for an answer`,
    ],
    ["Kept answers", keptOf(view)],
    ["Last answer after", lastMs === undefined ? "" : `${lastMs} ms`],
    ["Memory", megabytes === undefined ? "" : `${megabytes} MB`],
    ["Processes", pids.join(", ")],
    ["Resources", `${resources}, and ${templates} templates`],
    ["Prompts", prompts.join(", ")],
  ];
}

function keptOf({ counts: { kept } }: UpstreamView): string {
  const { entries, bytes, hits } = kept;
  return entries === 0 && hits === 0 ? "" : `${entries} of ${bytes} bytes, given ${hits} times`;
}

function printHeld(screen: Screen, { tool, reason, changes = [] }: HeldTool): void {
  screen.line(screen.paint(`Held back: ${screen.text(tool)}: ${screen.text(reason)}`, "yellow"));
  for (const { path, before, after } of changes) {
    screen.line(`  ${screen.text(path)}`);
    screen.line(screen.paint(`  - ${screen.text(JSON.stringify(before) ?? "nothing")}`, "red"));
    screen.line(screen.paint(`  + ${screen.text(JSON.stringify(after) ?? "nothing")}`, "green"));
  }
}
