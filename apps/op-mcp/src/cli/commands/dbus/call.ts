import type { JsonValue } from "op-core";
import { CallArgumentsError } from "../../cli-error.ts";
import { withDBus } from "../../dbus/dbus-caller.ts";
import { given } from "../../json-fields.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp dbus call SERVICE INTERFACE MEMBER [JSON]`: calls a method, and asks first where the rules want it. */
export const runDBusCall: RunCommand = async (context) => {
  const { flags, screen, positionals } = context;
  const [service, name, member, json] = positionals;
  const method = { service, interface: name, member, path: flags.text("path") };
  const args = json === undefined ? undefined : parseArguments(json);
  const answer = await withDBus(context, async (dbus) => {
    const described = await dbus.call("dbus_describe", given(method));
    const tool = described["risk"] === "read" ? "dbus_read" : "dbus_act";
    return await dbus.call(tool, given({ ...method, args }));
  });
  screen.json(answer);
  return exitCodes.ok;
};

function parseArguments(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    throw new CallArgumentsError("The arguments are not JSON.", {
      cause: error,
      advice:
        'Give them as a list, such as \'["nginx.service", "replace"]\', or as an object by their names.',
    });
  }
}
