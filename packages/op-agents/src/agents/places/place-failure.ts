import { operationFailure } from "../../serving/operation-failure.ts";
import { quote } from "../text/quote.ts";

/** The error for a place that may not be touched. */
export function refusedPlace(path: string, why: string, advice?: string): Error {
  return operationFailure({
    code: "ERR_PLACE_REFUSED",
    message: `${quote(path)} was refused: ${why}.`,
    ...(advice === undefined ? {} : { advice }),
  });
}

/** The error for what could not be done at a place that may be touched. */
export function failedPlace(path: string, why: string, advice?: string): Error {
  return operationFailure({
    code: "ERR_PLACE_FAILED",
    message: `${quote(path)} can't be used: ${why}.`,
    ...(advice === undefined ? {} : { advice }),
  });
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EACCES: "the agent's user may not do that",
  EPERM: "the agent's user may not do that",
  EROFS: "it is in a folder that can only be read",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "no space is left for the agent's user",
  EFBIG: "it would be larger than files may be",
  EEXIST: "it exists already",
  ENOTEMPTY: "there is a folder with something in it",
  ENOTDIR: "something on the way is no folder",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "its name is too long",
  ETXTBSY: "it is a program that runs",
  EXDEV: "it is on another file system",
  EMFILE: "too many files are open",
  EIO: "the disk does not work",
};

/** What the system said about a place, as an error for whoever asked; what was no error of the system stays as it is. */
function explainPlace(path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  return failedPlace(path, `${meanings[code] ?? "the system refused it"} (${code})`);
}

/** Does something at a place, and says what the system said where it fails. */
export async function atPlace<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw explainPlace(path, error);
  }
}

/** The name of an error of the system; undefined for others. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
