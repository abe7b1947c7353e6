import { withDBus } from "../../dbus/dbus-caller.ts";
import { asList, asObject, asText, given } from "../../json-fields.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp dbus services [text]`: the services of a bus, those that run and those that start when called. */
export const runDBusServices: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const answer = await withDBus(context, (dbus) =>
    dbus.call("dbus_services", given({ contains: positionals[0] })),
  );
  if (flags.has("json")) {
    screen.json(answer);
    return exitCodes.ok;
  }
  const rows = asList(answer["services"])
    .map(asObject)
    .map((service) => {
      const isRunning = service["state"] === "running";
      return [
        { text: asText(service["service"]) },
        { text: asText(service["state"]), look: isRunning ? ("green" as const) : ("dim" as const) },
        { text: asText(service["text"]) },
      ];
    });
  screen.table(["SERVICE", "STATE", "WHAT IT IS"], rows);
  return exitCodes.ok;
};
