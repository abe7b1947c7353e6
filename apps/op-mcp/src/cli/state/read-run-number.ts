import { UsageError } from "../cli-error.ts";

/** Reads the number of a run or a checkpoint. */
export function readRunNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`${JSON.stringify(text)} is no number of a run or a checkpoint.`, {
    advice: "op-mcp state history lists them.",
  });
}
