import type { Principal, ToolDescriptor, ToolView } from "op-tools";
import { leastOf } from "../../access/authorize.ts";
import type { Policy } from "../../policy/policy.ts";

/** What each principal is shown of a view. */
export type ToolsFor = (principal: Principal) => ToolView;

/** What showing takes. */
export interface AuthorizedToolsOptions {
  readonly view: ToolView;
  readonly policy: () => Policy;
}

interface Shown {
  readonly stamp: string;
  /** Absent where nothing is left out: most see everything, and nothing is kept for them. */
  readonly tools: readonly ToolDescriptor[] | undefined;
}

const mostKept = 100;

/**
 * Leaves out of lists what the policy denies a principal in any case. The list depends on nothing but who asks: not on
 * the connection, nor on what was asked before.
 */
export function createAuthorizedTools({ view, policy }: AuthorizedToolsOptions): ToolsFor {
  const kept = new Map<string, Shown>();
  const shownTo = (principal: Principal): Shown => {
    const key = JSON.stringify([principal.id, principal.scopes, principal.groups ?? []]);
    const stamp = `${view.revision} ${policy().fingerprint}`;
    const known = kept.get(key);
    kept.delete(key);
    const shown =
      known?.stamp === stamp ? known : { stamp, tools: allowed(view, policy(), principal) };
    kept.set(key, shown);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return shown;
  };
  return (principal) => {
    const { tools } = shownTo(principal);
    if (tools === undefined) return view;
    return {
      size: tools.length,
      revision: view.revision,
      slice: (start, end) => tools.slice(start, end),
      find: (name) => view.find(name),
      call: (name, args, context) => view.call(name, args, context),
      onChanged: (listener) => view.onChanged(listener),
    };
  };
}

function allowed(
  view: ToolView,
  policy: Policy,
  principal: Principal,
): readonly ToolDescriptor[] | undefined {
  const all = view.slice(0, view.size);
  const tools = all.filter((tool) => policy.mayEverCall(principal, leastOf(tool)));
  return tools.length === all.length ? undefined : tools;
}
