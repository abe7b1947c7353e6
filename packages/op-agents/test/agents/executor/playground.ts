import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { ExecutorConfig } from "../../../src/config.ts";
import { defineExecutor } from "../../../src/agents/index.ts";
import {
  openAgentPool,
  openNativeBackend,
  type AgentPool,
  type TaskRequest,
} from "../../../src/index.ts";
import { never } from "../../fixtures/pools.ts";

/** What nobody may ever read through the executor. */
export const secret = "TOP-SECRET-4711";

/** A real executor, with a folder to work in and one beside it to stay out of. */
export interface Playground extends AsyncDisposable {
  readonly pool: AgentPool;
  /** Puts the real folders into a text: `{work}`, `{outside}`. */
  place(text: string): string;
  /** What is in the folders, to see whether anything was written. */
  list(): readonly string[];
  run(
    argv: readonly string[],
    more?: Partial<TaskRequest> & { readonly cwd?: string; readonly timeoutMs?: number },
  ): Promise<CommandAnswer>;
}

const CommandAnswer = z.strictObject({
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  isTimedOut: z.boolean(),
  isTruncated: z.boolean(),
});

export type CommandAnswer = z.output<typeof CommandAnswer>;

/** Opens a playground. */
export async function openPlayground(config: Partial<ExecutorConfig> = {}): Promise<Playground> {
  const root = mkdtempSync(join(tmpdir(), "op-agents-test-"));
  const [work, outside] = [join(root, "work"), join(root, "workshop")];
  fill(root, work, outside);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(root, { recursive: true, force: true }));
  const backend = opened.use(await openNativeBackend());
  const spec = defineExecutor(ExecutorConfig.parse({ folders: [work], ...config }));
  const hidden = {
    ...spec,
    sandbox: { ...spec.sandbox, readable: [...(spec.sandbox.readable ?? []), outside] },
  };
  const pool = opened.use(
    await openAgentPool({ backend, specs: [hidden], closeMs: 0 }, { signal: never }),
  );
  const owned = opened.move();
  return {
    pool,
    place: (text) => text.replaceAll("{work}", work).replaceAll("{outside}", outside),
    list: () => [root, work, outside].flatMap((folder) => readdirSync(folder).toSorted()),
    run: async (argv, { cwd, timeoutMs, ...more } = {}) =>
      CommandAnswer.parse(
        await pool.run(
          {
            type: "executor",
            operation: "execute_command",
            input: {
              argv,
              ...(cwd === undefined ? {} : { cwd }),
              ...(timeoutMs === undefined ? {} : { timeoutMs }),
            },
            ...more,
          },
          { signal: never },
        ),
      ),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function fill(root: string, work: string, outside: string): void {
  chmodSync(root, 0o755);
  for (const folder of [work, outside, join(work, "logs"), join(work, ".ssh")]) mkdirSync(folder);
  writeFileSync(join(work, "notes.txt"), "one\ntwo\nthree\nfour 4\n");
  writeFileSync(join(work, "numbers.csv"), "b,10\na,9\nc,100\n");
  writeFileSync(join(work, "logs", "app.log"), "INFO start\nERROR it broke\nINFO end\n");
  writeFileSync(join(work, "with space (1).txt"), "spaced\n");
  writeFileSync(join(work, "grüße.txt"), "hallo\n");
  writeFileSync(join(work, ".ssh", "id"), secret);
  writeFileSync(join(work, ".netrc"), secret);
  writeFileSync(join(work, "evil\u001B[31m.txt"), "\u001B]0;title\u0007plain\u202Etxt\n");
  writeFileSync(join(work, "names0"), join(outside, "secret.txt"));
  writeFileSync(join(outside, "secret.txt"), `${secret}\n`);
  symlinkSync(outside, join(work, "link"));
  symlinkSync(join(outside, "secret.txt"), join(work, "link.txt"));
  symlinkSync("/proc/self", join(work, "self"));
  symlinkSync("/dev/zero", join(work, "zero"));
  symlinkSync("loop", join(work, "loop"));
  symlinkSync("notes.txt", join(work, "inner.txt"));
  execFileSync("mkfifo", [join(work, "pipe")]);
}
