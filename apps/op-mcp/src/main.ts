import { isatty } from "node:tty";

/** What a client spawns has no arguments and no terminal: it takes the shortest way and loads no command line. */
async function main(argv: readonly string[]): Promise<number> {
  if (argv.length > 0 || isatty(0)) return runCommandLine(argv);
  const { serveOnStdio } = await import("./wiring/serve-on-stdio.ts");
  return serveOnStdio({ env: process.env, cwd: process.cwd() });
}

async function runCommandLine(argv: readonly string[]): Promise<number> {
  const { runCli } = await import("./cli/run-cli.ts");
  const { createProcessIo } = await import("./cli/process-io.ts");
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    interrupt.abort();
    // A second Ctrl-C does not wait for anything.
    process.once("SIGINT", () => process.exit(130));
  });
  const io = createProcessIo();
  return runCli({
    argv,
    io,
    signal: interrupt.signal,
    openSystem: async (options) =>
      (await import("./wiring/open-cli-system.ts")).openCliSystem(options),
    serve: async (options) =>
      (await import("./wiring/serve-on-stdio.ts")).serveOnStdio(options, io.stdout),
    serveHttp: async (config, options) =>
      (await import("./wiring/serve-http.ts")).serveHttp(config, options),
  });
}

async function run(): Promise<number> {
  try {
    return await main(process.argv.slice(2));
  } catch (error) {
    const { describeFailure } = await import("./cli/describe-failure.ts");
    const { exitCodeOf } = await import("./cli/exit-codes.ts");
    process.stderr.write(describeFailure(error));
    return exitCodeOf(error);
  }
}

async function start(): Promise<void> {
  const { stdout } = process;
  process.exitCode = await run();
  // What a plugin left running, such as a timer, has nobody to work for any more.
  stdout.write("", () => process.exit());
}

void start();
