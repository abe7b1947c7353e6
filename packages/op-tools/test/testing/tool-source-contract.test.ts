import {
  textResult,
  ToolNotFoundError,
  type Tool,
  type ToolDescriptor,
  type ToolResult,
  type ToolSource,
} from "../../src/index.ts";
import { describeToolSource } from "../../src/testing/index.ts";
import { plainDescriptor } from "../fixtures/plain-tool.ts";

/** A tool that is an object of a class, as other people write them. */
class Greeting implements Tool {
  readonly #greeting = "hello";
  readonly descriptor = plainDescriptor("greet", {
    source: "classes",
    tags: ["a"],
    title: "Greet",
  });
  readonly name = this.descriptor.name;
  readonly title = "Greet";
  readonly description = this.descriptor.description;
  readonly inputSchema = this.descriptor.inputSchema;
  readonly annotations = this.descriptor.annotations;
  readonly category = this.descriptor.category;
  readonly tags = this.descriptor.tags;
  readonly source = this.descriptor.source;
  readonly risk = this.descriptor.risk;

  call(): Promise<ToolResult> {
    return Promise.resolve(textResult(this.#greeting));
  }
}

class ClassSource implements ToolSource {
  readonly name = "classes";
  readonly #greeting = new Greeting();

  async *list({ signal }: { signal: AbortSignal }): AsyncGenerator<ToolDescriptor> {
    signal.throwIfAborted();
    yield this.#greeting.descriptor;
  }

  load(name: string, { signal }: { signal: AbortSignal }): Promise<Tool> {
    if (signal.aborted) return Promise.reject(new Error("not wanted"));
    return name === "greet"
      ? Promise.resolve(this.#greeting)
      : Promise.reject(new ToolNotFoundError(name));
  }

  fingerprint(): Promise<string> {
    return Promise.resolve("one");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }
}

describeToolSource("a source made of classes, without changes", () =>
  Promise.resolve(new ClassSource()),
);
