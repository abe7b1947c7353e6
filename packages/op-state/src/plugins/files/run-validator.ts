import { StateChangeError } from "../../state-error.ts";

/** A program that must accept a new file. */
export interface Validator {
  readonly resource: string;
  readonly command: readonly string[];
  /** Where the new file lies. */
  readonly path: string;
  readonly signal: AbortSignal;
}

const timeoutMs = 60_000;

/** Runs a program on a new file, without a shell. Rejects with `ERR_STATE_CHANGE` and what it wrote when it refuses. */
export async function runValidator(validator: Validator): Promise<void> {
  const { resource, command, path, signal } = validator;
  const [program = "", ...args] = command.map((word) => word.replaceAll("{}", path));
  const { execFile } = await import("node:child_process");
  const done = Promise.withResolvers<void>();
  execFile(program, args, { signal, timeout: timeoutMs }, (error, stdout, stderr) => {
    if (error === null) done.resolve();
    else if (signal.aborted) done.reject(signal.reason);
    else {
      const said = `${stderr}${stdout}`.trim().slice(0, 2000);
      done.reject(
        new StateChangeError(resource, `${program} refused the new content: ${said}`, {
          advice: "Correct the content; the file was not replaced.",
          cause: error,
        }),
      );
    }
  });
  await done.promise;
}
