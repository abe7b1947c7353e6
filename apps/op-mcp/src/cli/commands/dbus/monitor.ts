import type { JsonObject } from "op-core";
import { withDBus, type DBusCaller } from "../../dbus/dbus-caller.ts";
import { asList, asObject, asText, given } from "../../json-fields.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

const waitSeconds = 30;

/** `op-mcp dbus monitor SERVICE`: signals as they come, until Ctrl-C. */
export const runDBusMonitor: RunCommand = async (context) => {
  await withDBus(context, (dbus) => follow(context, dbus));
  return exitCodes.interrupted;
};

async function follow(context: CommandContext, dbus: DBusCaller): Promise<void> {
  const { flags, positionals, signal } = context;
  const selection = given({
    service: positionals[0],
    interface: flags.text("interface"),
    member: flags.text("member"),
    path: flags.text("path"),
  });
  let cursor: string | undefined;
  while (!signal.aborted) {
    const args = given({
      ...selection,
      cursor,
      waitSeconds: cursor === undefined ? 0 : waitSeconds,
    });
    const answer = await dbus.call("dbus_events", args);
    for (const event of asList(answer["events"]).map(asObject)) print(context, event);
    if (typeof answer["dropped"] === "number") {
      context.io.stderr.write(`${answer["dropped"]} signals were too many and are lost\n`);
    }
    cursor = asText(answer["cursor"]);
  }
}

function print({ flags, screen }: CommandContext, event: JsonObject): void {
  if (flags.has("json")) {
    screen.line(JSON.stringify(event));
    return;
  }
  const { time, path, interface: name, member, args } = event;
  const what = `${asText(name)}.${asText(member)}`;
  screen.line(
    `${asText(time)} ${screen.paint(screen.text(what), "cyan")} ${screen.text(asText(path))} ${screen.text(JSON.stringify(args ?? {}))}`,
  );
}
