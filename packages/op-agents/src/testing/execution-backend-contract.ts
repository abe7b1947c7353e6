import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { Execution, ExecutionBackend, Launch } from "../backend/execution-backend.ts";

const { signal } = new AbortController();

/** Makes a fresh backend; the suite disposes it. */
export type OpenBackend = () => Promise<ExecutionBackend>;

/** Runs what every place for programs must hold to. The place needs a POSIX shell. */
export function describeExecutionBackend(name: string, open: OpenBackend): void {
  describe(`${name}, as a place for programs`, () => {
    describeStreams(open);
    describeEnds(open);
    describeFiles(open);
    describePlace(open);
  });
}

function script(code: string, launch: Partial<Launch> = {}): Launch {
  return { argv: ["/bin/sh", "-c", code], ...launch };
}

async function runToEnd(execution: Execution) {
  const { stdout, stderr, exited } = execution;
  const [output, errors, status] = await Promise.all([text(stdout), text(stderr), exited]);
  return { output, errors, status };
}

function describeStreams(open: OpenBackend): void {
  it("carries stdin, stdout and stderr, each on its own, as bytes", async () => {
    await using backend = await open();
    const execution = await backend.start(script("cat; echo oops >&2; exit 3"), { signal });
    execution.stdin.end("grüße\0\r\n");
    const { output, errors, status } = await runToEnd(execution);
    expect({ output, errors }).toEqual({ output: "grüße\0\r\n", errors: "oops\n" });
    expect(status).toMatchObject({ kind: "exited", code: 3 });
  });

  it("passes arguments and the environment as they are, and no other environment", async () => {
    await using backend = await open();
    const argv = [
      "/bin/sh",
      "-c",
      `printf '%s|' "$@" "$A"; env | grep -c '^HOME='`,
      "sh",
      "a b",
      "$(id)",
      "",
    ] as const;
    const execution = await backend.start(
      { argv: [...argv], env: { A: "x;y", PATH: "/usr/bin:/bin" } },
      { signal },
    );
    expect((await runToEnd(execution)).output).toBe("a b|$(id)||x;y|0\n");
  });

  it("carries megabytes, to a reader that is slow too", async () => {
    await using backend = await open();
    const execution = await backend.start(script("head -c 3000000 /dev/zero"), { signal });
    execution.stdout.pause();
    const { output } = await runToEnd(execution);
    expect(output.length).toBe(3_000_000);
  });
}

function describeEnds(open: OpenBackend): void {
  it("refuses a program that does not exist, and leaves nothing behind", async () => {
    await using backend = await open();
    const starting = backend.start({ argv: ["/nonexistent/program"] }, { signal });
    await expect(starting).rejects.toMatchObject({ code: "ERR_SPAWN" });
  });

  it("kills what does not want to leave, with everything it started", async () => {
    await using backend = await open();
    const stubborn = `trap '' TERM; (trap '' TERM; exec sleep 1000) & echo up; while :; do sleep 1; done`;
    const execution = await backend.start(script(stubborn), { signal });
    await once(execution.stdout, "data");
    expect((await execution.kill({ graceMs: 50 })).kind).toBe("killed");
    // The pipe ends only when nobody has it open.
    await text(execution.stdout);
  });

  it("passes signals on", async () => {
    await using backend = await open();
    const execution = await backend.start(
      script(`trap 'echo heard; exit 0' USR1; echo up; while :; do sleep 0.01; done`),
      { signal },
    );
    await once(execution.stdout, "data");
    execution.signal("SIGUSR1");
    expect((await runToEnd(execution)).output).toBe("heard\n");
  });

  it("kills when its caller's signal aborts, and when it is disposed", async () => {
    const backend = await open();
    const stop = new AbortController();
    const first = await backend.start(script("sleep 1000"), { signal: stop.signal });
    const second = await backend.start(script("sleep 1000"), { signal });
    stop.abort();
    expect((await first.exited).kind).toBe("killed");
    await backend[Symbol.asyncDispose]();
    expect((await second.exited).kind).toBe("killed");
  });

  it("ends what goes beyond its limits, and says which", async () => {
    await using backend = await open();
    const launch = script("sleep 1000", { limits: { wallTimeMs: 100 }, graceMs: 0 });
    const { status } = await runToEnd(await backend.start(launch, { signal }));
    expect(status).toMatchObject({ kind: "limit", limit: "wallTime" });
    expect(status.usage.processes).toBeGreaterThanOrEqual(0);
  });
}

function describeFiles(open: OpenBackend): void {
  it("takes files in and out of a workspace that the program sees", async () => {
    await using backend = await open();
    await using workspace = await backend.openWorkspace({ signal });
    await workspace.write("in.bin", new Uint8Array([0, 255, 10]), { signal });
    const { status } = await runToEnd(
      await backend.start(script("cat in.bin in.bin > out.bin", { workspace }), { signal }),
    );
    expect(status).toMatchObject({ kind: "exited", code: 0 });
    const content = await workspace.read("out.bin", { signal, maxBytes: 100 });
    expect([...content]).toEqual([0, 255, 10, 0, 255, 10]);
    expect(await workspace.list({ signal })).toEqual(["in.bin", "out.bin"]);
  });

  it("takes out regular files only: what a program made may be a trap", async () => {
    await using backend = await open();
    await using workspace = await backend.openWorkspace({ signal });
    const traps =
      "ln -s /etc/passwd link; mkfifo pipe; mkdir folder; head -c 200 /dev/zero > large";
    await runToEnd(await backend.start(script(traps, { workspace }), { signal }));
    for (const name of ["link", "pipe", "folder", "large", "missing", "../escape", "..", ""]) {
      await expect(workspace.read(name, { signal, maxBytes: 100 }), name).rejects.toMatchObject({
        code: "ERR_WORKSPACE_FILE",
      });
    }
  });
}

function describePlace(open: OpenBackend): void {
  it("says where it is and how it is", async () => {
    await using backend = await open();
    await using other = await open();
    expect(backend.place).toEqual(other.place);
    expect(backend.place.id).not.toBe("");
    expect(await backend.health({ signal })).toMatchObject({ isHealthy: true });
  });
}
