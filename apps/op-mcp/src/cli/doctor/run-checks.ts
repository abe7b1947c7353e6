import { ownUserId } from "../../access/own-user.ts";
import { packageFacts } from "../../package.ts";
import type { DoctorCheck } from "../cli-system.ts";
import type { CommandContext } from "../command.ts";
import { withSystem } from "../with-system.ts";
import {
  checkConfig,
  checkDirectories,
  checkNode,
  checkSelf,
  checkUser,
  failedCheck,
} from "./local-checks.ts";
import { checkSandbox } from "./check-sandbox.ts";
import { runSelfCheck, type SelfCheck } from "./stdio-self-check.ts";

/**
 * Looks at everything, one thing after the other; a step that fails does not stop the others.
 *
 * @yields Each check as soon as it is done.
 */
export async function* runChecks(context: CommandContext): AsyncGenerator<DoctorCheck> {
  yield checkNode(process.version);
  yield checkUser(ownUserId());
  try {
    const loaded = await context.loadConfig();
    yield checkConfig(loaded);
    yield* checkDirectories(loaded, context.io.env);
  } catch (error) {
    yield failedCheck("Configuration", error);
    return;
  }
  yield checkSelf(await selfCheck(context));
  yield await checkSandbox(context.signal);
  yield* await checkSystem(context);
}

/** Starts the very server that a client would start, with the flags of this command line. */
export async function selfCheck({ io, flags, signal }: CommandContext): Promise<SelfCheck> {
  const passed = ["config", "set", "mode"].flatMap((name) =>
    flags.all(name).flatMap((value) => [`--${name}`, value]),
  );
  const args = [packageFacts().entry, ...passed];
  return runSelfCheck({ command: process.execPath, args, env: io.env, cwd: io.cwd, signal });
}

async function checkSystem(context: CommandContext): Promise<readonly DoctorCheck[]> {
  const { signal } = context;
  try {
    // What the log would warn of, the checks tell.
    return await withSystem(context, (system) => Array.fromAsync(system.checks({ signal })), {
      level: "silent",
    });
  } catch (error) {
    return [failedCheck("System", error)];
  }
}
