import { isJsonObject, type JsonObject } from "op-core";
import type { UpstreamClient } from "op-protocol/client";
import { describe, expect, it, vi } from "vitest";
import { openBehind, type Listener } from "../fixtures/behind.ts";
import { learningServer } from "../fixtures/learning-server.ts";

const patience = { timeout: 20_000 };

function namesIn({ tools, prompts }: JsonObject): readonly unknown[] {
  const items = tools ?? prompts;
  return Array.isArray(items) ? items.map((item) => (isJsonObject(item) ? item["name"] : "")) : [];
}

async function namesOf(
  { client }: Listener,
  kind: "tools" | "prompts",
): Promise<readonly unknown[]> {
  return namesIn(await client.request(`${kind}/list`));
}

async function call(client: UpstreamClient, name: string): Promise<string> {
  const { content } = await client.request("tools/call", { name });
  const [first] = Array.isArray(content) ? content : [];
  return isJsonObject(first) && typeof first["text"] === "string" ? first["text"] : "";
}

interface Recalled {
  readonly pid: number;
  readonly lists: number;
  readonly followed: readonly string[];
}

async function recall({ client }: Listener): Promise<Recalled> {
  const seen: Recalled = JSON.parse(await call(client, "recall"));
  return seen;
}

function told({ heard }: Listener, kind: string): number {
  return heard.filter(({ method }) => method === `notifications/${kind}/list_changed`).length;
}

const open = () => openBehind(learningServer, { connections: "per-session" });

describe("a session with a connection of its own", () => {
  it("has it asked for its tools once, however calls of others come between", async () => {
    await using behind = await open();
    const [one, other] = [behind.join(), behind.join()];
    for (const _round of [1, 2, 3]) {
      expect(await recall(one)).toMatchObject({ lists: 1 });
      expect(await recall(other)).toMatchObject({ lists: 1 });
    }
    expect((await recall(one)).pid).not.toBe((await recall(other)).pid);
  });

  it("has arguments completed, and resources followed, by it", async () => {
    await using behind = await open();
    const [one, other] = [behind.join(), behind.join()];
    const { pid } = await recall(one);
    expect((await recall(other)).pid).not.toBe(pid);
    const ref = { type: "ref/prompt", name: "greet" };
    const wanted = { ref, argument: { name: "a", value: "" } };
    const { completion } = await one.client.request("completion/complete", wanted);
    expect(completion).toEqual({ values: [String(pid)] });
    await one.client.request("resources/subscribe", { uri: "up+learn:one" });
    expect((await recall(one)).followed).toEqual(["learn:one"]);
    expect((await recall(other)).followed).toEqual([]);
    await one.client.request("resources/unsubscribe", { uri: "up+learn:one" });
    await vi.waitFor(async () => expect((await recall(one)).followed).toEqual([]), patience);
  });

  it("has what it learns shown to all while it lasts, and alone may use it", async () => {
    await using behind = await open();
    const [one, other] = [behind.join(), behind.join()];
    await recall(other);
    await call(one.client, "learn");
    for (const each of [one, other]) {
      await vi.waitFor(() => expect(told(each, "tools")).toBeGreaterThan(0), patience);
      await vi.waitFor(
        async () => expect(await namesOf(each, "tools")).toContain("learnt"),
        patience,
      );
      expect(await namesOf(each, "prompts")).toContain("learnt");
    }
    expect(await call(one.client, "learnt")).toBe('"known"');
    await expect(call(other.client, "learnt")).rejects.toThrow('no tool named "learnt"');
    expect(await recall(other)).toMatchObject({ lists: 1 });
    // What another has that changes takes nothing away.
    await call(other.client, "learn");
    expect(await call(one.client, "learnt")).toBe('"known"');
  });

  it("takes what only it had with it", async () => {
    await using behind = await openBehind(learningServer, {
      connections: "per-session",
      idleMs: 4000,
    });
    const [one, other] = [behind.join(), behind.join()];
    await call(one.client, "learn");
    await vi.waitFor(
      async () => expect(await namesOf(other, "tools")).toContain("learnt"),
      patience,
    );
    await vi.waitFor(async () => {
      await recall(other);
      expect(await namesOf(other, "tools")).toEqual(["learn", "recall"]);
    }, patience);
  });
});
