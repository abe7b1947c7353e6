import { isJsonObject, type JsonValue } from "op-core";
import type { ProgressUpdate } from "op-tools";

const longestMessage = 8192;

/** Makes what passes on the progress of a task: how far it says to have come, or else how often it said something. */
export function createProgressReport(
  report: (update: ProgressUpdate) => void,
): (data: JsonValue) => void {
  let last = 0;
  return (data) => {
    const { progress, total } = isJsonObject(data) ? data : {};
    last = typeof progress === "number" && progress > last ? progress : last + 1;
    report({
      progress: last,
      ...(typeof total === "number" ? { total } : {}),
      message: toMessage(data).slice(0, longestMessage),
    });
  };
}

/** What a person reads of it. */
function toMessage(data: JsonValue): string {
  if (typeof data === "string") return data;
  const { message, text } = isJsonObject(data) ? data : {};
  return [message, text].find((each) => typeof each === "string") ?? JSON.stringify(data);
}
