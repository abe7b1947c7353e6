import type { JsonObject } from "op-core";
import { withDBus } from "../../dbus/dbus-caller.ts";
import { asList, asObject, asText, given } from "../../json-fields.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Screen } from "../../screen.ts";

/** `op-mcp dbus describe SERVICE [INTERFACE [MEMBER]]`. */
export const runDBusDescribe: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const [service, name, member] = positionals;
  const answer = await withDBus(context, (dbus) =>
    dbus.call("dbus_describe", given({ service, interface: name, member })),
  );
  // A member has arguments with schemas, which only JSON shows as they are.
  if (flags.has("json") || member !== undefined) screen.json(answer);
  else if (name !== undefined) printInterface(screen, answer);
  else printService(screen, answer);
  return exitCodes.ok;
};

function printService(screen: Screen, answer: JsonObject): void {
  screen.line(screen.paint(screen.text(asText(answer["service"])), "bold"));
  if (answer["text"] !== undefined) screen.line(screen.block(asText(answer["text"])));
  screen.line();
  const rows = asList(answer["interfaces"])
    .map(asObject)
    .map((each) => [
      { text: asText(each["interface"]) },
      {
        text: ["methods", "properties", "signals"]
          .map((kind) => `${JSON.stringify(each[kind])} ${kind}`)
          .join(", "),
      },
      { text: asText(each["text"]) },
    ]);
  screen.table(["INTERFACE", "HAS", "WHAT IT IS"], rows);
}

function printInterface(screen: Screen, answer: JsonObject): void {
  screen.line(screen.paint(screen.text(asText(answer["interface"])), "bold"));
  if (answer["text"] !== undefined) screen.line(screen.block(asText(answer["text"])));
  for (const kind of ["methods", "properties", "signals"]) {
    const members = Object.entries(asObject(answer[kind]));
    if (members.length === 0) continue;
    screen.line(`\n${screen.paint(kind, "bold")}`);
    for (const [name, text] of members) {
      screen.line(`  ${screen.paint(screen.text(name), "cyan")} ${screen.text(asText(text))}`);
    }
  }
}
