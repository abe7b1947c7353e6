import { isJsonObject, type JsonObject } from "op-core";
import {
  ToolNotFoundError,
  withNarrowing,
  type ToolContext,
  type ToolDescriptor,
  type ToolFilter,
  type ToolView,
} from "op-tools";
import { toPlainJson } from "../../config/to-plain-json.ts";
import { compileGlob } from "../../policy/matching/glob.ts";
import type { ToolOverride } from "./override-config.ts";

interface Rule {
  readonly fits: (name: string) => boolean;
  readonly override: ToolOverride;
  readonly pin: JsonObject;
}

/** What is listed at one revision, and what the renamed are called elsewhere. */
interface Listed {
  readonly revision: string;
  readonly tools: readonly ToolDescriptor[];
  readonly originals: ReadonlyMap<string, string>;
}

function toRule(override: ToolOverride): Rule {
  const glob = compileGlob(override.match);
  const pin = toPlainJson(override.pin);
  return { fits: (name) => glob.matches(name), override, pin: isJsonObject(pin) ? pin : {} };
}

function withoutKeys(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Nobody who calls sees what is always the same. */
function withoutPinned(
  schema: ToolDescriptor["inputSchema"],
  pin: JsonObject,
): ToolDescriptor["inputSchema"] {
  const names = Object.keys(pin);
  const { properties, required } = schema;
  if (names.length === 0 || !isJsonObject(properties)) return schema;
  return {
    ...schema,
    properties: withoutKeys(properties, names),
    ...(Array.isArray(required)
      ? { required: required.filter((name) => !names.includes(String(name))) }
      : {}),
  };
}

class OverriddenTools implements ToolView {
  readonly #view: ToolView;
  readonly #rules: readonly Rule[];
  readonly #isShown: ToolFilter = ({ name }) => this.#ruleFor(name)?.override.hide !== true;
  #listed: Listed | undefined;

  constructor(view: ToolView, overrides: readonly ToolOverride[]) {
    this.#view = view;
    this.#rules = overrides.map(toRule);
  }

  get size(): number {
    return this.#now.tools.length;
  }

  get revision(): string {
    return this.#view.revision;
  }

  slice(start: number, end: number): readonly ToolDescriptor[] {
    return this.#now.tools.slice(start, end);
  }

  find(name: string): ToolDescriptor | undefined {
    const tool = this.#view.find(this.#originalOf(name));
    return tool === undefined || !this.#isShown(tool) ? undefined : this.#apply(tool);
  }

  async call(name: string, args: JsonObject, context: ToolContext): ReturnType<ToolView["call"]> {
    const original = this.#originalOf(name);
    const rule = this.#ruleFor(original);
    if (rule?.override.hide === true) throw new ToolNotFoundError(name);
    const { narrowedTo } = context;
    // What is hidden is not found either, by the tools that find and call others.
    const isShown: ToolFilter = (tool) => this.#isShown(tool) && (narrowedTo?.(tool) ?? true);
    return await this.#view.call(
      original,
      { ...args, ...rule?.pin },
      withNarrowing(context, isShown),
    );
  }

  onChanged(listener: () => void): Disposable {
    return this.#view.onChanged(listener);
  }

  get #now(): Listed {
    const { revision } = this.#view;
    if (this.#listed?.revision === revision) return this.#listed;
    const shown = this.#view.slice(0, this.#view.size).filter(this.#isShown);
    const tools = shown.map((tool) => this.#apply(tool));
    const originals = new Map(shown.map(({ name }, index) => [tools[index]?.name ?? name, name]));
    this.#listed = { revision, tools, originals };
    return this.#listed;
  }

  #originalOf(name: string): string {
    return this.#now.originals.get(name) ?? name;
  }

  #ruleFor(name: string): Rule | undefined {
    return this.#rules.find(({ fits }) => fits(name));
  }

  #apply(tool: ToolDescriptor): ToolDescriptor {
    const rule = this.#ruleFor(tool.name);
    if (rule === undefined) return tool;
    const { rename, description } = rule.override;
    return {
      ...tool,
      ...(rename === "" ? {} : { name: rename }),
      ...(description === "" ? {} : { description }),
      inputSchema: withoutPinned(tool.inputSchema, rule.pin),
    };
  }
}

/** The same view, with what a profile changes of its tools. Calls go through the same rules and the same audit log. */
export function overrideTools(view: ToolView, overrides: readonly ToolOverride[]): ToolView {
  return overrides.length === 0 ? view : new OverriddenTools(view, overrides);
}
