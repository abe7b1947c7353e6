import type { SourceOptions, ToolDescriptor, ToolSource } from "op-tools";

/** How tools are offered whose source is opened when they are first listed or loaded. */
export interface LazyToolsOptions {
  readonly name: string;
  readonly source: () => Promise<ToolSource>;
  /** What an unchanged list is known by, so that it is not even asked for. */
  readonly fingerprint: (options: SourceOptions) => Promise<string>;
  /** Whether the list may be one that is known without the source. */
  readonly isKnown?: boolean;
  readonly changes?: ToolSource["changes"];
  /** Closes what was opened. */
  readonly close: () => Promise<void>;
}

/** Makes tools whose source is opened when they are first used. */
export function createLazyTools(options: LazyToolsOptions): ToolSource {
  const { name, source, fingerprint, isKnown = false, changes, close } = options;
  return {
    name,
    list: async function* list(how) {
      const known = isKnown ? await findKnown(await fingerprint(how)) : undefined;
      yield* known ?? (await source()).list(how);
    },
    load: async (tool, how) => await (await source()).load(tool, how),
    fingerprint,
    ...(changes === undefined ? {} : { changes }),
    [Symbol.asyncDispose]: close,
  };
}

async function findKnown(fingerprint: string): Promise<readonly ToolDescriptor[] | undefined> {
  const { knownLists } = await import("./known-lists.ts");
  const { tools, lists } = knownLists();
  return lists[fingerprint]?.flatMap((place) => tools[place] ?? []);
}
