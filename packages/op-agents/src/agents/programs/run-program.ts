import { spawn } from "node:child_process";
import { operationFailure } from "../../serving/operation-failure.ts";
import { cleanText } from "../text/clean-text.ts";

/** Nothing of the agent's own, and nothing that steers a program. */
const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" };

const mostBytes = 16 * 1024 * 1024;

/** Runs a program of the system to its end, and resolves to what it printed. */
export async function runProgram(
  name: string,
  args: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(name, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  const ended = Promise.withResolvers<number | null>();
  child.once("error", (error) => ended.reject(programFailure(name, error.message)));
  child.once("close", (code) => ended.resolve(code));
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let bytes = 0;
  const keep = (parts: Buffer[]) => (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) end();
    else parts.push(chunk);
  };
  child.stdout.on("data", keep(stdout));
  child.stderr.on("data", keep(stderr));
  try {
    const code = await ended.promise;
    signal.throwIfAborted();
    if (bytes > mostBytes) throw programFailure(name, "it printed too much");
    if (code !== 0) throw programFailure(name, Buffer.concat(stderr).toString("utf8").trim());
    return Buffer.concat(stdout).toString("utf8");
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

function programFailure(name: string, detail: string): Error {
  return operationFailure({
    code: "ERR_PROGRAM",
    message: `${name} failed: ${cleanText(detail, 400)}`,
    advice: `Check that ${name} is installed.`,
  });
}
