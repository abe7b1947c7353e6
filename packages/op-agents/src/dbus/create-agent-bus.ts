import { PassThrough, Writable } from "node:stream";
import { onAbort } from "op-core";
import { createProxy, type BusConnection, type EventStream, type Signal } from "op-dbus";
import type { ExitCause, ExitStatus } from "op-process";
import type { AgentBus } from "../backend/agent-bus.ts";
import type { Execution } from "../backend/execution-backend.ts";
import { callBack } from "./call-back.ts";
import { agentInterface, pathOf } from "./agent-interface.ts";

const { name: interfaceName } = agentInterface;
const noUsage = { cpuMs: 0, memoryBytes: 0, processes: 0 };

/** More than an agent says before somebody reads it. */
const bufferSize = 65_536;

/** Finds agents on a bus, whose connection stays with whoever opened it. */
export function createAgentBus(bus: BusConnection): AgentBus {
  return {
    attach: async (name, { signal }) => {
      await using opened = new AsyncDisposableStack();
      const object = { destination: name, path: pathOf(name) };
      const rule = { sender: name, path: object.path, interface: interfaceName };
      const heard = opened.use(await bus.subscribe(rule, { signal, bufferSize }));
      const { sender = name } = await bus.call(
        { ...object, interface: interfaceName, member: "Open" },
        { signal },
      );
      const leaving = { sender: busName, interface: busName, member: "NameOwnerChanged" };
      const owners = opened.use(await bus.subscribe({ ...leaving, arg0: sender }, { signal }));
      const owned = opened.move();
      return converse({ bus, object, heard, owners, signal, close: () => owned.disposeAsync() });
    },
  };
}

const busName = "org.freedesktop.DBus";

interface Conversation {
  readonly bus: BusConnection;
  readonly object: { readonly destination: string; readonly path: string };
  readonly heard: EventStream<Signal>;
  /** Says when the agent's connection is gone. */
  readonly owners: EventStream<Signal>;
  readonly signal: AbortSignal;
  readonly close: () => Promise<void>;
}

function converse({ bus, object, heard, owners, signal, close }: Conversation): Execution {
  const proxy = createProxy(bus, agentInterface, object);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const exited = Promise.withResolvers<ExitStatus>();
  let isOver = false;
  const end = (cause: ExitCause) => {
    if (isOver) return;
    isOver = true;
    stdout.end();
    stderr.end();
    exited.resolve({ ...cause, usage: noUsage });
    void close();
  };
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      void callBack(proxy.call("Write", [chunk]), done);
    },
    final: (done) => {
      void callBack(proxy.call("Close", []), done);
    },
  });
  // What can't be written any more is told by the end of the agent.
  stdin.on("error", () => end({ kind: "exited", code: 1 }));
  void listen(heard, { stdout, end });
  void awaitLeaving(owners, end);
  const kill = async () => {
    if (!isOver) await proxy.call("Close", []).catch(() => undefined);
    end({ kind: "killed", reason: "kill" });
    return await exited.promise;
  };
  onAbort(signal, () => void kill());
  return {
    id: object.destination,
    isolation: "its own",
    stdin,
    stdout,
    stderr,
    exited: exited.promise,
    // Whoever runs it signals it.
    signal: () => undefined,
    kill,
    usage: async () => await Promise.resolve(noUsage),
    [Symbol.asyncDispose]: async () => void (await kill()),
  };
}

interface Ear {
  readonly stdout: PassThrough;
  readonly end: (cause: ExitCause) => void;
}

async function listen(heard: EventStream<Signal>, { stdout, end }: Ear): Promise<void> {
  try {
    for await (const { member, body } of heard) {
      const [bytes] = body;
      // A conversation of which something was lost can't be understood any more.
      if (heard.dropped > 0) return end({ kind: "exited", code: 1 });
      if (member === "Left") return end({ kind: "exited", code: 0 });
      if (member === "Said" && bytes instanceof Uint8Array && !stdout.writableEnded) {
        stdout.write(bytes);
      }
    }
  } catch {
    // Its signal aborted, which ends the conversation too.
  }
  return undefined;
}

async function awaitLeaving(owners: EventStream<Signal>, end: Ear["end"]): Promise<void> {
  try {
    for await (const { body } of owners) {
      if (body[2] === "") return end({ kind: "exited", code: 1 });
    }
  } catch {
    // Its signal aborted, which ends the conversation too.
  }
  return undefined;
}
