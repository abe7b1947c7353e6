import { createObjectServer, defineInterface, openBusConnection } from "op-dbus";
import { openPrivateBus } from "./private-bus.ts";

/** A bus of its own with a service on it that is a state plugin. */
export interface NotesBus extends AsyncDisposable {
  readonly address: string;
  readonly notes: Map<string, unknown>;
}

const text = { in: "s", out: "s", inNames: ["input"], outNames: ["output"] } as const;
const pluginInterface = defineInterface({
  name: "org.opmcp.StatePlugin1",
  methods: {
    Describe: text,
    Query: text,
    Diff: text,
    Apply: text,
    Checkpoint: text,
    Rollback: text,
    Watch: text,
  },
  properties: {},
  signals: { Changed: { type: "as", names: ["keys"] } },
});

const description = {
  protocol: 1,
  name: "board",
  version: "3",
  keys: { pattern: "[a-z]+", meaning: "the name of a note" },
  schema: { type: "object", properties: { text: { type: "string" } } },
  canBeAbsent: true,
  optional: ["watch"],
  examples: [{ first: { text: "one" } }, { first: null }],
};

export async function openNotesBus(): Promise<NotesBus> {
  await using stack = new AsyncDisposableStack();
  const { address } = stack.use(await openPrivateBus());
  const bus = stack.use(await openBusConnection({ address }));
  const server = stack.use(createObjectServer(bus));
  const notes = new Map<string, unknown>();
  const exported = stack.use(
    server.export("/org/opmcp/StatePlugin1", pluginInterface, {
      properties: {},
      methods: answersOf(notes, (key) => void exported.emit("Changed", [[key]])),
    }),
  );
  await bus.requestName("org.example.Board");
  const rest = stack.move();
  return { address, notes, [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose]() };
}

function answersOf(notes: Map<string, unknown>, tell: (key: string) => void) {
  const answer =
    (work: (input: Record<string, unknown>) => unknown) =>
    async ([input]: readonly [string]) =>
      [JSON.stringify(work(JSON.parse(input)))] as const;
  const put = (key: unknown, value: unknown) => {
    if (value === null) notes.delete(String(key));
    else notes.set(String(key), value);
    tell(String(key));
    return {};
  };
  const now = (key: unknown) => notes.get(String(key)) ?? null;
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  return {
    Describe: answer(() => description),
    Query: answer(({ keys }) => ({
      resources: Object.fromEntries(list(keys).map((key) => [key, { value: now(key) }])),
    })),
    Diff: answer(({ desired, current }) => ({
      changes: list(desired).flatMap((resource) => {
        const { key, desired: after } = Object(resource);
        const before = Object(current)[key];
        if (JSON.stringify(before) === JSON.stringify(after)) return [];
        const action = before === null ? "create" : after === null ? "delete" : "update";
        return [{ key, action, risk: "write", before, after }];
      }),
    })),
    Apply: answer(({ change }) => put(Object(change).key, Object(change).desired)),
    Checkpoint: answer(({ keys }) => ({
      saved: Object.fromEntries(list(keys).map((key) => [key, now(key)])),
    })),
    Rollback: answer(({ key, saved }) => put(key, saved)),
    Watch: answer(({ keys }) => {
      for (const key of list(keys)) tell(String(key));
      return {};
    }),
  };
}
