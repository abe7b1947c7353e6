import type { JsonObject } from "op-core";
import { withDBus } from "../../dbus/dbus-caller.ts";
import { asList, asObject, asText, given } from "../../json-fields.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Screen } from "../../screen.ts";

const mostObjects = 1000;

/** `op-mcp dbus tree SERVICE [INTERFACE]`: the objects of a service, by their interfaces. */
export const runDBusTree: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const [service = "", name] = positionals;
  const answer = await withDBus(context, (dbus) =>
    dbus.call("dbus_objects", given({ service, interface: name, limit: mostObjects })),
  );
  if (flags.has("json")) screen.json(answer);
  else if (name !== undefined) printObjects(screen, name, answer);
  else {
    for (const [each, objects] of Object.entries(asObject(answer["interfaces"]))) {
      printObjects(screen, each, asObject(objects));
    }
  }
  return exitCodes.ok;
};

function printObjects(screen: Screen, name: string, objects: JsonObject): void {
  const paths = asList(objects["paths"]).map(asText);
  const total = typeof objects["total"] === "number" ? objects["total"] : paths.length;
  screen.line(screen.paint(screen.text(name), "bold"));
  for (const path of paths) screen.line(`  ${screen.text(path)}`);
  if (total > paths.length)
    screen.line(screen.paint(`  … and ${total - paths.length} more`, "dim"));
}
