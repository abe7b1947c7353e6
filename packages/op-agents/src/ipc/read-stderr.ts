import type { Readable } from "node:stream";
import type { Clock } from "op-core";

const bytesPerSecond = 256 * 1024;
const longestLine = 4096;

/**
 * Reads lines for the log. Who writes more than a quarter of a megabyte a second is read slowly: a program that fills
 * its stderr stops itself, and nobody else.
 */
export function readStderr(stream: Readable, clock: Clock, onLine: (line: string) => void): void {
  let rest = "";
  let bytes = 0;
  let secondStartedMs = clock.monotonic();
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = (lines.pop() ?? "").slice(0, longestLine);
    for (const line of lines) if (line !== "") onLine(line.slice(0, longestLine));

    const nowMs = clock.monotonic();
    if (nowMs - secondStartedMs >= 1000) {
      secondStartedMs = nowMs;
      bytes = 0;
    }
    bytes += chunk.length;
    if (bytes <= bytesPerSecond) return;
    stream.pause();
    clock.startTimer(1000, () => stream.resume()).unref();
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
