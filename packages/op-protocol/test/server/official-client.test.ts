import { Client } from "@modelcontextprotocol/client";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { createInMemoryPair, createMcpServer } from "../../src/index.ts";
import { local } from "../fixtures/raw-client.ts";
import { createSampleHost, sampleTool } from "../fixtures/sample-host.ts";
import { toSdkTransport } from "../fixtures/sdk-transport.ts";

const eras = [
  ["the handshake era", "legacy"],
  ["the stateless era", { pin: "2026-07-28" }],
  ["the era it finds", "auto"],
] as const;

describe.each(eras)("the official client in %s", (_name, mode) => {
  const open = async () => {
    const host = createSampleHost();
    const server = createMcpServer({ host, pageSize: 2 });
    const client = new Client(
      { name: "official", version: "1" },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    const [near, far] = createInMemoryPair();
    server.connect(far, local);
    await client.connect(toSdkTransport(near));
    return {
      host,
      client,
      [Symbol.asyncDispose]: async () => {
        await client.close();
        await server[Symbol.asyncDispose]();
      },
    };
  };

  it("sees who the server is and what to use it for", async () => {
    await using opened = await open();
    expect(opened.client.getServerVersion()).toMatchObject({ name: "sample", version: "1.2.3" });
    expect(opened.client.getInstructions()).toBe("Use the echo tool.");
  });

  it("lists every page and calls", async () => {
    await using opened = await open();
    for (const name of ["b", "c", "d", "e"]) opened.host.tools.add(sampleTool(name));
    const { tools } = await opened.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["echo", "b", "c", "d", "e"]);
    const result = await opened.client.callTool({
      name: "echo",
      arguments: { a: [1, { b: null }] },
    });
    expect(result.content).toEqual([{ type: "text", text: '{"a":[1,{"b":null}]}' }]);
  });

  it("reads resources and gets prompts", async () => {
    await using opened = await open();
    const { resources } = await opened.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(["note://a", "note://b"]);
    expect((await opened.client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await opened.client.readResource({ uri: "note://a" })).contents).toEqual([
      { uri: "note://a", text: "the note note://a" },
    ]);
    await expect(opened.client.readResource({ uri: "note://missing" })).rejects.toThrow(
      /no resource/,
    );
    expect((await opened.client.listPrompts()).prompts).toHaveLength(1);
    const prompt = await opened.client.getPrompt({ name: "greet", arguments: { who: "Ada" } });
    expect(prompt.messages[0]?.content).toEqual({ type: "text", text: "Greet Ada" });
    const { completion } = await opened.client.complete({
      ref: { type: "ref/resource", uri: "note://{id}" },
      argument: { name: "id", value: "" },
    });
    expect(completion.values).toEqual(["a", "b"]);
  });

  it("hears of progress", async () => {
    await using opened = await open();
    opened.host.tools.add(sampleTool("slow"), (_args, context) => {
      context.reportProgress({ progress: 1, total: 2, message: "half" });
      context.reportProgress({ progress: 1 });
      context.reportProgress({ progress: 2, total: 2 });
      return textResult("done");
    });
    const seen: unknown[] = [];
    await opened.client.callTool(
      { name: "slow" },
      { onprogress: (update) => void seen.push(update) },
    );
    expect(seen).toEqual([
      { progress: 1, total: 2, message: "half" },
      { progress: 2, total: 2 },
    ]);
  });

  it("cancels a call, and the tool sees it", async () => {
    await using opened = await open();
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    opened.host.tools.add(sampleTool("hang"), (_args, { signal }) => {
      started.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          ended.resolve(signal.reason);
          reject(signal.reason as Error);
        });
      });
    });
    const controller = new AbortController();
    const call = opened.client.callTool({ name: "hang" }, { signal: controller.signal });
    await started.promise;
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow(/enough|abort/i);
    await expect(ended.promise).resolves.toMatchObject({ name: "AbortError" });
  });

  it("is asked, and the tool gets the person's answer", async () => {
    await using opened = await open();
    opened.client.setRequestHandler("elicitation/create", (request) => {
      expect(request.params.message).toBe("Your name?");
      return { action: "accept", content: { name: "Zed" } };
    });
    opened.host.tools.add(sampleTool("greet"), async (_args, { ask }) => {
      const schema = {
        type: "object",
        properties: { name: { type: "string" } },
        required: ["name"],
      } as const;
      const answer = await ask({ key: "name", message: "Your name?", schema });
      return textResult(
        answer.action === "accept"
          ? `Hello ${JSON.stringify(answer.content["name"])}`
          : answer.action,
      );
    });
    const result = await opened.client.callTool({ name: "greet" });
    expect(result.content).toEqual([{ type: "text", text: 'Hello "Zed"' }]);
  });

  it("sees a failing tool as a result that says what to do", async () => {
    await using opened = await open();
    opened.host.tools.add(sampleTool("bug"), () => {
      throw new TypeError("secret internals");
    });
    const result = await opened.client.callTool({ name: "bug" });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).toContain("ERR_INTERNAL");
    expect(JSON.stringify(result)).not.toContain("secret internals");
    await expect(opened.client.callTool({ name: "nope" })).rejects.toThrow(/no tool named "nope"/);
  });
});
