import { array, assert, asyncProperty, boolean, constantFrom, integer, record } from "fast-check";
import { silentLogger } from "op-core";
import { describe, expect, test } from "vitest";
import {
  compileChain,
  textResult,
  type Middleware,
  type Next,
  type Outcome,
  type ToolCall,
  type ToolResult,
} from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

const tool = plainDescriptor("echo");
const call: ToolCall = { tool, args: {}, context: createTestContext() };

describe("the order", () => {
  test("is by priority, equals as given, and an onion around the tool", async () => {
    const seen: string[] = [];
    const named = (name: string, priority: number): Middleware => ({
      name,
      priority,
      before: () => {
        seen.push(`${name} before`);
        return undefined;
      },
      around: async (inner, next) => {
        seen.push(`${name} in`);
        const result = await next(inner);
        seen.push(`${name} out`);
        return result;
      },
      after: () => {
        seen.push(`${name} after`);
      },
    });
    const chain = compileChain([named("b", 20), named("c", 20), named("a", 0)], tool, async () => {
      seen.push("tool");
      return textResult("");
    });
    await chain(call);
    const [entering, leaving] = [
      ["a", "b", "c"].flatMap((name) => [`${name} before`, `${name} in`]),
      ["c", "b", "a"].flatMap((name) => [`${name} out`, `${name} after`]),
    ];
    expect(seen).toEqual([...entering, "tool", ...leaving]);
  });

  test.each([-1, 256, 1.5, NaN])("refuses the priority %s", (priority) => {
    expect(() =>
      compileChain([{ name: "odd", priority }], tool, async () => textResult("")),
    ).toThrow(expect.objectContaining({ code: "ERR_MIDDLEWARE_PRIORITY" }));
  });
});

test("whether it applies is asked once, and what does not apply never runs", async () => {
  let asked = 0;
  const never: Middleware = {
    name: "never",
    priority: 1,
    appliesTo: () => {
      asked += 1;
      return false;
    },
    before: () => textResult("never"),
  };
  const chain = compileChain([never], tool, async () => textResult("tool"));
  await chain(call);
  expect(await chain(call)).toEqual(textResult("tool"));
  expect(asked).toBe(1);
});

test("what a middleware throws at once is a rejection, and it keeps its own state", async () => {
  class Counting implements Middleware {
    readonly name = "counting";
    readonly priority = 0;
    #calls = 0;
    before(): undefined {
      this.#calls += 1;
      throw new Error(`call ${this.#calls}`);
    }
  }
  const chain = compileChain([new Counting()], tool, async () => textResult(""));
  await expect(chain(call)).rejects.toThrow("call 1");
  await expect(chain(call)).rejects.toThrow("call 2");
});

test("an error after the call changes nothing and is logged", async () => {
  const logged: unknown[] = [];
  const logger = { ...silentLogger, error: (...line: unknown[]) => logged.push(line) };
  const failure = new Error("disk full");
  const audit: Middleware = { name: "audit", priority: 0, after: () => Promise.reject(failure) };
  const context = createTestContext({ logger });
  const answering = compileChain([audit], tool, async () => textResult("done"));
  expect(await answering({ ...call, context })).toEqual(textResult("done"));
  const failing = compileChain([audit], tool, () => Promise.reject(new Error("tool")));
  await expect(failing({ ...call, context })).rejects.toThrow("tool");
  const line = [
    "a middleware failed after the call",
    { middleware: "audit", tool: "echo", requestId: "test", error: failure },
  ];
  expect(logged).toEqual([line, line]);
});

/** What a random middleware does in each of its hooks. */
interface Script {
  readonly priority: number;
  readonly applies: boolean;
  readonly before:
    | "absent"
    | "pass"
    | "pass-later"
    | "answer"
    | "answer-later"
    | "throw"
    | "reject";
  readonly around: "absent" | "pass" | "mark" | "skip" | "throw" | "reject" | "recover";
  readonly after: "absent" | "pass" | "throw" | "reject";
}

const scripts = array(
  record<Script>({
    priority: integer({ min: 0, max: 3 }),
    applies: boolean(),
    before: constantFrom(
      "absent",
      "pass",
      "pass-later",
      "answer",
      "answer-later",
      "throw",
      "reject",
    ),
    around: constantFrom("absent", "pass", "mark", "skip", "throw", "reject", "recover"),
    after: constantFrom("absent", "pass", "throw", "reject"),
  }),
  { maxLength: 6 },
);

function toMiddleware(script: Script, name: string, log: string[]): Middleware {
  const fail = () => {
    throw new Error(name);
  };
  const before = (): ReturnType<NonNullable<Middleware["before"]>> => {
    log.push(`${name} before`);
    if (script.before === "throw") return fail();
    if (script.before === "reject") return Promise.reject(new Error(name));
    if (script.before === "answer") return textResult(name);
    if (script.before === "answer-later") return Promise.resolve(textResult(name));
    return script.before === "pass" ? undefined : Promise.resolve(undefined);
  };
  const around = (inner: ToolCall, next: Next): Promise<ToolResult> => {
    log.push(`${name} around`);
    if (script.around === "throw") return fail();
    if (script.around === "reject") return Promise.reject(new Error(name));
    if (script.around === "skip") return Promise.resolve(textResult(name));
    if (script.around === "mark") return marked(inner, next, name);
    return script.around === "recover" ? recovered(inner, next, name) : next(inner);
  };
  const after = (_: ToolCall, outcome: Outcome): void | Promise<void> => {
    log.push(`${name} after ${describeOutcome(outcome)}`);
    if (script.after === "throw") return fail();
    return script.after === "reject" ? Promise.reject(new Error(name)) : undefined;
  };
  return {
    name,
    priority: script.priority,
    appliesTo: () => script.applies,
    ...(script.before === "absent" ? {} : { before }),
    ...(script.around === "absent" ? {} : { around }),
    ...(script.after === "absent" ? {} : { after }),
  };
}

async function marked(inner: ToolCall, next: Next, name: string): Promise<ToolResult> {
  const { content } = await next(inner);
  return { content: [...content, { type: "text", text: name }] };
}

async function recovered(inner: ToolCall, next: Next, name: string): Promise<ToolResult> {
  try {
    return await next(inner);
  } catch {
    return textResult(`${name} recovered`);
  }
}

function describeOutcome(outcome: Outcome): string {
  return outcome.kind === "answered"
    ? JSON.stringify(outcome.result)
    : `failed ${String(outcome.error)}`;
}

/** The contract once more, as plainly as it can be said. */
async function interpret(list: readonly Middleware[], inner: Next): Promise<ToolResult> {
  const [outermost, ...others] = list
    .map((middleware, index) => ({ middleware, index }))
    .toSorted((a, b) => a.middleware.priority - b.middleware.priority || a.index - b.index)
    .map(({ middleware }) => middleware);
  if (outermost === undefined) return await inner(call);
  if (outermost.appliesTo?.(tool) === false) return await interpret(others, inner);
  let outcome: Outcome;
  try {
    const early = await outermost.before?.(call);
    const next = () => interpret(others, inner);
    const result = early ?? (await (outermost.around?.(call, next) ?? next()));
    outcome = { kind: "answered", result };
  } catch (error) {
    outcome = { kind: "failed", error };
  }
  try {
    await outermost.after?.(call, outcome);
  } catch {
    // It never replaces the outcome.
  }
  if (outcome.kind === "failed") throw outcome.error;
  return outcome.result;
}

async function run(way: (log: string[]) => Promise<ToolResult>): Promise<readonly string[]> {
  const log: string[] = [];
  try {
    log.push(JSON.stringify(await way(log)));
  } catch (error) {
    log.push(`failed ${String(error)}`);
  }
  return log;
}

test("a compiled chain does what the contract says, whatever the middleware does", async () => {
  await assert(
    asyncProperty(scripts, boolean(), async (list, fails) => {
      const both = (way: (chain: readonly Middleware[], inner: Next) => Promise<ToolResult>) =>
        run((log) =>
          way(
            list.map((script, index) => toMiddleware(script, `m${index}`, log)),
            async () => {
              log.push("tool");
              if (fails) throw new Error("tool");
              return textResult("tool");
            },
          ),
        );
      const compiled = await both((chain, inner) => compileChain(chain, tool, inner)(call));
      expect(compiled).toEqual(await both(interpret));
    }),
    { seed: 42, numRuns: 2000 },
  );
});
