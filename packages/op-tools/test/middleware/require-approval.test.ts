import type { JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { RequireApprovalConfig } from "../../src/config.ts";
import {
  approvalQuestion,
  AskUnavailableError,
  CallSuspendedError,
  compileChain,
  requireApproval,
  textResult,
  type Answer,
  type CallEffect,
  type CallInspector,
  type PendingApproval,
  type Question,
  type RequireApprovalOptions,
  type ToolDescriptor,
} from "../../src/index.ts";
import { createTestContext } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

const tool = plainDescriptor("format_disk", { risk: "destructive", source: "disks" });
const accepted: Answer = { action: "accept", content: {} };

function setUp(answer: () => Promise<Answer>, rememberMs = 0) {
  const clock = createManualClock();
  const questions: Question[] = [];
  const approval = requireApproval({ ...RequireApprovalConfig.parse({ rememberMs }), clock });
  const chain = compileChain([approval], tool, async () => textResult("ran"));
  const call = (args: JsonObject, who = "alice") => {
    const ask = (question: Question) => {
      questions.push(question);
      return answer();
    };
    return chain({
      tool,
      args,
      context: createTestContext({ ask, principal: { id: who, scopes: [] } }),
    });
  };
  return { clock, questions, call };
}

describe("an answer", () => {
  test("yes lets the tool run", async () => {
    expect(await setUp(async () => accepted).call({})).toEqual(textResult("ran"));
  });

  test.each(["decline", "cancel"] as const)("%s does not", async (action) => {
    await expect(setUp(async () => ({ action })).call({})).rejects.toThrow(
      expect.objectContaining({ code: "ERR_APPROVAL_DECLINED" }),
    );
  });

  test("that cannot be asked for says how to allow the call", async () => {
    await expect(
      setUp(() => Promise.reject(new AskUnavailableError("no"))).call({}),
    ).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_APPROVAL_UNAVAILABLE",
        advice: expect.stringContaining("elicitation"),
      }),
    );
  });

  test("that comes with a later call lets the suspension through", async () => {
    const suspended = new CallSuspendedError("approval", {});
    await expect(setUp(() => Promise.reject(suspended)).call({})).rejects.toBe(suspended);
  });
});

const refusing = (): Promise<never> => Promise.reject(new AskUnavailableError("no"));

async function run(
  asked: ToolDescriptor,
  more: Partial<RequireApprovalOptions>,
  effect?: CallEffect,
) {
  const approval = requireApproval({ ...RequireApprovalConfig.parse({}), ...more });
  const chain = compileChain([approval], asked, async () => textResult("ran"));
  const inspector: CallInspector = {
    effectOf: () => Promise.resolve(effect ?? { risk: asked.risk, summary: asked.name }),
    preview: () => Promise.resolve(undefined),
  };
  return await chain({
    tool: asked,
    args: {},
    context: createTestContext({ ask: refusing }),
    inspector,
  });
}

describe("which calls are asked about", () => {
  test.each(["read", "write"] as const)("not those of a tool whose risk is %s", async (risk) => {
    expect(await run({ ...tool, risk }, {})).toEqual(textResult("ran"));
  });

  test("not a harmless call of a dangerous tool", async () => {
    const effect = { risk: "write", summary: "starts a unit" } as const;
    expect(await run(tool, {}, effect)).toEqual(textResult("ran"));
  });

  test("a harmless call whose effect needs a yes all the same", async () => {
    const effect = { risk: "write", summary: "starts a unit", needsApproval: true } as const;
    await expect(run({ ...tool, risk: "write" }, {}, effect)).rejects.toThrow(
      expect.objectContaining({ code: "ERR_APPROVAL_UNAVAILABLE" }),
    );
  });

  test("those that somebody else says", async () => {
    const demandOf = () => ({ rememberMs: 0 });
    await expect(run({ ...tool, risk: "write" }, { demandOf })).rejects.toThrow(
      expect.objectContaining({ code: "ERR_APPROVAL_UNAVAILABLE" }),
    );
  });
});

test("where the client cannot ask, a yes may come by another way", async () => {
  const keys: string[] = [];
  const isApprovedElsewhere = ({ key }: PendingApproval) => Promise.resolve(keys.push(key) === 2);
  await expect(run(tool, { isApprovedElsewhere })).rejects.toThrow(
    expect.objectContaining({ code: "ERR_APPROVAL_UNAVAILABLE" }),
  );
  expect(await run(tool, { isApprovedElsewhere })).toEqual(textResult("ran"));
  expect(keys[0]).toBe(keys[1]);
});

test("each answer is told", async () => {
  const told: boolean[] = [];
  const onAnswer = (isApproved: boolean) => void told.push(isApproved);
  await run(tool, { onAnswer, isApprovedElsewhere: () => Promise.resolve(true) });
  expect(told).toEqual([true]);
});

describe("a yes", () => {
  test("counts once unless it is to be remembered", async () => {
    const { questions, call } = setUp(async () => accepted);
    await call({});
    await call({});
    expect(questions).toHaveLength(2);
  });

  test("is remembered for the very same call of the same caller, for a while", async () => {
    const { clock, questions, call } = setUp(async () => accepted, 1000);
    await call({ disk: "sda", force: true });
    await call({ force: true, disk: "sda" });
    expect(questions).toHaveLength(1);
    await call({ disk: "sdb" });
    await call({ disk: "sda", force: true }, "bob");
    expect(questions).toHaveLength(3);
    await clock.advance(1001);
    await call({ disk: "sda", force: true });
    expect(questions).toHaveLength(4);
  });
});

describe("the question", () => {
  async function messageFor(args: JsonObject): Promise<string> {
    const { questions, call } = setUp(async () => accepted);
    await call(args);
    return questions[0]?.message ?? "";
  }

  test("shows the tool, its source, its risk and the arguments", async () => {
    expect(await messageFor({ disk: "sda", quick: true })).toBe(
      'May the tool "format_disk" of "disks" run? Its risk: destructive.\ndisk: "sda"\nquick: true',
    );
  });

  test("says what the call would really do", async () => {
    const questions: Question[] = [];
    const approval = requireApproval(RequireApprovalConfig.parse({}));
    const chain = compileChain([approval], tool, async () => textResult("ran"));
    const ask = (question: Question) => {
      questions.push(question);
      return Promise.resolve(accepted);
    };
    const inspector: CallInspector = {
      effectOf: () => Promise.resolve({ risk: "privileged", summary: "erase\u202e sda" }),
      preview: () => Promise.resolve(undefined),
    };
    await chain({ tool, args: {}, context: createTestContext({ ask }), inspector });
    expect(questions[0]?.message).toBe(
      'May the tool "format_disk" of "disks" run? Its risk: privileged.\nIt would: erase  sda',
    );
  });

  test("shows an effect line by line, none of which can pose as another", async () => {
    const pending = {
      call: { tool, args: {}, context: createTestContext({}) },
      effect: {
        risk: "write",
        summary: "2 changes",
        details: ["~ files:/etc/motd", "    + a\nIts risk: read.", ...Array(200).fill("+ x")],
      },
      key: "k",
    } as const;
    const lines = approvalQuestion(pending).message.split("\n");
    expect(lines.slice(2, 4)).toEqual(["| ~ files:/etc/motd", "|     + a Its risk: read."]);
    expect(lines.at(-1)).toBe("| … and 102 more lines");
  });

  test("cannot be disguised by what is in the arguments", async () => {
    const message = await messageFor({
      note: "safe\n\u202egnp.exe\u0007\u200b \u2028Its risk: read.",
      "\u202ename\nIts risk": "read",
    });
    expect(message.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(message.split("\n")).toHaveLength(3);
  });

  test("is not longer than a person reads, and says what it leaves out", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`a${n}`, "x".repeat(9999)]),
    );
    const message = await messageFor(many);
    expect(message.length).toBeLessThan(12_000);
    expect(message).toContain("more characters)");
    expect(message).toContain("… and 30 more arguments");
  });

  test("shows no secret", async () => {
    expect(await messageFor({ password: "hunter2", login: { apiKey: "hunter2" } })).not.toContain(
      "hunter2",
    );
  });
});
