import * as fc from "fast-check";
import type { JsonObject } from "op-core";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import type { PolicyRequest } from "../../src/policy/policy.ts";

/** Few words, so that rules and calls meet often. */
const ids = [
  "unix:uid=0",
  "unix:uid=1000",
  "oauth:sub=al@x.org",
  "oauth:sub=bo@x.org",
  "key:ci",
  "anonymous",
];
const scopes = ["mcp", "mcp:write", "ops"];
const groups = [0, 27, 100];
const clients = ["cursor", "codex"];
const tools = ["disk_usage", "disk_format", "unit_stop", "unit_start", "user_add"];
const sources = ["dbus", "state", "builtin"];
const categories = ["disk", "units", "users"];
const risks = ["read", "write", "destructive", "privileged"] as const;

const identity = [
  "*",
  ...ids,
  "unix:uid=*",
  "oauth:sub=*@x.org",
  "oauth:sub=*o*",
  "oauth:scope=mcp",
  "oauth:scope=mcp*",
  "unix:gid=27",
  "unix:gid=100",
  "key:*",
];
const labels = ["client:cursor", "client:c*"];

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
/** Left out as often as not, which means any. */
const maybe = <T>(values: readonly T[]): fc.Arbitrary<T[] | undefined> =>
  fc.option(some(values), { nil: undefined });

const text = fc.constantFrom("nginx", "sshd", "/etc/passwd", "/tmp/a", "/tmp/../etc/x", "tmp", "");
const scalar = fc.oneof(text, fc.integer({ min: -2, max: 5 }), fc.boolean(), fc.constant(null));
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ force: scalar }, { requiredKeys: [] }) },
);
const globs = some(["ng*", "*d", "/etc/*", "/tmp/*", "*", "s*h*", "nginx"]);
const directories = some(["/etc", "/tmp/", "/", "/tmp/../etc"]);

const predicate = fc.oneof(
  fc.record({ equals: scalar }),
  fc.record({ equals: scalar, absent: fc.constant(false) }),
  fc.record({ oneOf: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ glob: globs }),
  fc.record({ notGlob: globs }),
  fc.record({ glob: globs, notGlob: globs }),
  fc.record({ under: directories }),
  fc.record({ notUnder: directories }),
  fc.record({ atLeast: fc.integer({ min: -2, max: 2 }) }),
  fc.record({ atLeast: fc.constant(0), atMost: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ absent: fc.boolean() }),
);

const predicates = fc.record(
  { unit: predicate, "options.force": predicate, "paths[]": predicate, "many[].force": predicate },
  { requiredKeys: [] },
);

const window = fc.record(
  {
    days: some(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    from: fc.constantFrom("00:00", "06:30", "22:00"),
    to: fc.constantFrom("05:00", "12:00", "23:15", "24:00"),
    timezone: fc.constantFrom("UTC", "Asia/Kolkata", "Etc/GMT+8"),
  },
  { requiredKeys: [] },
);

const rule = fc.constantFrom("allow", "deny", "ask", "dry-run").chain((effect) =>
  fc.record({
    effect: fc.constant(effect),
    principals: maybe(effect === "deny" ? [...identity, ...labels] : identity),
    roles: maybe(["reader", "operator", "admin", "night", "*"]),
    tools: maybe([...tools, "disk_*", "*_stop", "*", "u*_*"]),
    sources: maybe([...sources, "*"]),
    categories: maybe([...categories, "*"]),
    risks: maybe(risks),
    args: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: predicates }),
    when: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: window }),
  }),
);

const permission = fc.constantFrom("allow", "ask", "dry-run", "deny");
const role = fc.record({
  principals: fc.uniqueArray(fc.constantFrom(...identity), { maxLength: 2 }),
  permissions: fc.record({
    read: permission,
    write: permission,
    destructive: permission,
    privileged: permission,
  }),
});

/** Any policy that can work, of up to a dozen rules. */
export const anyPolicy: fc.Arbitrary<PolicyConfig> = fc
  .record({
    roles: fc.record({ reader: role, operator: role, admin: role, night: role }),
    rules: fc.array(rule, { maxLength: 12 }),
  })
  .map((input) => PolicyConfig.parse(JSON.parse(JSON.stringify(input))));

const args: fc.Arbitrary<JsonObject> = fc.record(
  {
    unit: value,
    options: fc.oneof(fc.record({ force: value }, { requiredKeys: [] }), scalar),
    paths: fc.oneof(fc.array(value, { maxLength: 3 }), scalar),
    many: fc.oneof(
      fc.array(fc.record({ force: scalar }, { requiredKeys: [] }), { maxLength: 2 }),
      scalar,
    ),
  },
  { requiredKeys: [] },
);

/** Any call, also ones by callers and of risks that no rule knows. */
export const anyRequest: fc.Arbitrary<PolicyRequest> = fc.record(
  {
    principal: fc.record(
      {
        id: fc.constantFrom(...ids, "oauth:sub=*", "mtls:x"),
        scopes: fc.subarray(scopes),
        groups: fc.subarray(groups),
      },
      { requiredKeys: ["id", "scopes"] },
    ),
    client: fc.constantFrom(...clients),
    tool: fc.constantFrom(...tools, "other"),
    source: fc.constantFrom(...sources, "other"),
    category: fc.constantFrom(...categories, "other"),
    risk: fc.constantFrom(...risks, "unheard-of" as "read"),
    needsApproval: fc.boolean(),
    canPreview: fc.boolean(),
    args,
    atMs: fc.integer({ min: 1_790_000_000_000, max: 1_790_000_000_000 + 9 * 86_400_000 }),
  },
  { requiredKeys: ["principal", "tool", "source", "category", "risk", "args", "atMs"] },
);
