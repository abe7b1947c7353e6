import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { isJsonObject } from "op-core";
import { playScenario, type Scenario } from "./scenario-client.ts";

/** How the suites went. */
export interface ClientReport {
  /** A line for each suite, and below it what did not pass. */
  readonly text: string;
  /** Whether every required scenario ran, checked something and passed. */
  readonly isPassed: boolean;
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const runner = pathOf("../../op-protocol/conformance/main.ts");

function isScenario(value: unknown): value is Scenario {
  return (
    isJsonObject(value) &&
    isJsonObject(value["context"]) &&
    ["name", "revision", "url"].every((key) => typeof value[key] === "string")
  );
}

async function serveScenario(socket: Socket): Promise<void> {
  try {
    const scenario: unknown = await json(socket);
    if (!isScenario(scenario)) throw new Error("this is no scenario");
    socket.end((await playScenario(scenario)) ?? "");
  } catch (error) {
    socket.end(`the scenario could not be played: ${String(error)}`);
  }
}

/** Runs the client scenarios of the official suites with the aggregator as the client. */
export async function runClientSuites(): Promise<ClientReport> {
  const folder = await mkdtemp(join(tmpdir(), "op-scenarios-"));
  const path = join(folder, "s");
  // Who hands a scenario over has said all, and waits for the answer.
  const service = createServer({ allowHalfOpen: true }, (socket) => void serveScenario(socket));
  service.listen(path);
  await once(service, "listening");
  try {
    const command = [process.execPath, pathOf("client.ts"), path].join(" ");
    const args = ["--conditions=@op-mcp/source", runner, "client", command];
    const suites = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [said, [code]] = await Promise.all([text(suites.stdout), once(suites, "exit")]);
    return { text: said, isPassed: code === 0 };
  } finally {
    service.close();
    await once(service, "close");
    await rm(folder, { recursive: true, force: true });
  }
}
