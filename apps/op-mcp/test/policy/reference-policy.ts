/**
 * The rules of a policy once more, as slowly and plainly as they can be written: every rule is looked at for every
 * call, patterns are tried character by character, and nothing is prepared, kept or shared with the product.
 */
import type { JsonValue } from "op-core";
import type { PolicyConfig } from "../../src/policy/policy-config.ts";
import type { ArgumentPredicate, PolicyRule } from "../../src/policy/policy-rule-config.ts";
import type { PolicyRequest } from "../../src/policy/policy.ts";

type Answer = true | false | "perhaps";

interface Outcome {
  readonly verdict: string;
  readonly rule: string;
}

export function decideSlowly(config: PolicyConfig, request: PolicyRequest): Outcome {
  const outcome = decideBeforeWishes(config, request);
  if (outcome.verdict === "allow" && request.needsApproval === true) {
    const rule = config.rules.find((one, at) => nameOf(one, at) === outcome.rule);
    const isNamed = rule !== undefined && rule.tools.includes(request.tool);
    return isNamed ? outcome : { ...outcome, verdict: "ask" };
  }
  if (outcome.verdict === "dry-run" && request.canPreview === false) {
    return { ...outcome, verdict: "deny" };
  }
  return outcome;
}

function decideBeforeWishes(config: PolicyConfig, request: PolicyRequest): Outcome {
  const roles = rolesOf(config, request);
  const named = config.rules.map((rule, at) => ({ rule, name: nameOf(rule, at) }));
  for (const { rule, name } of named) {
    if (rule.effect !== "deny") continue;
    if (fits(rule, request, roles) !== false) return { verdict: "deny", rule: name };
  }
  const perhaps: Outcome[] = [];
  let decided: Outcome | undefined;
  for (const { rule, name } of named) {
    if (rule.effect === "deny") continue;
    const answer = fits(rule, request, roles);
    if (answer === false) continue;
    const isEntitled = roles.length > 0 || isNamedBy(rule, request);
    if (rule.effect === "allow") {
      if (answer !== true || !isEntitled) continue;
      decided = { verdict: "allow", rule: name };
      break;
    }
    if (!isEntitled) return { verdict: "deny", rule: name };
    if (answer === true) {
      decided = { verdict: rule.effect, rule: name };
      break;
    }
    perhaps.push({ verdict: rule.effect, rule: name });
  }
  decided ??= byRoles(config, roles, riskOf(request));
  for (const verdict of ["deny", "dry-run", "ask", "allow"]) {
    if (decided.verdict === verdict) return decided;
    const tighter = perhaps.find((one) => one.verdict === verdict);
    if (tighter !== undefined) return tighter;
  }
  throw new Error("unreachable");
}

function byRoles(
  config: PolicyConfig,
  roles: readonly string[],
  risk: PolicyRequest["risk"],
): Outcome {
  for (const verdict of ["allow", "ask", "dry-run", "deny"]) {
    for (const role of roles) {
      if (config.roles[role]!.permissions[risk] === verdict)
        return { verdict, rule: `role:${role}` };
    }
  }
  return { verdict: "deny", rule: "default" };
}

function nameOf(rule: PolicyRule, at: number): string {
  return rule.name === "" ? `rules[${at}]` : rule.name;
}

function riskOf({ risk }: PolicyRequest): PolicyRequest["risk"] {
  return ["read", "write", "destructive", "privileged"].includes(risk) ? risk : "destructive";
}

function rolesOf(config: PolicyConfig, { principal }: PolicyRequest): readonly string[] {
  const isAnonymous = principal.id === "anonymous";
  return Object.keys(config.roles).filter((name) =>
    config.roles[name]!.principals.some((pattern) =>
      pattern === "*" ? !isAnonymous : isPrincipal(pattern, principal, undefined),
    ),
  );
}

function isPrincipal(
  pattern: string,
  principal: PolicyRequest["principal"],
  client: string | undefined,
): boolean {
  if (pattern === "*") return true;
  if (pattern.startsWith("unix:gid=")) {
    return (principal.groups ?? []).includes(Number(pattern.slice(9)));
  }
  if (pattern.startsWith("oauth:scope=")) {
    return principal.scopes.some((scope) => fitsGlob(pattern.slice(12), scope));
  }
  if (pattern.startsWith("client:")) {
    return client !== undefined && fitsGlob(pattern.slice(7), client);
  }
  return fitsGlob(pattern, principal.id);
}

function isNamedBy(rule: PolicyRule, { principal, client }: PolicyRequest): boolean {
  return rule.principals.some(
    (pattern) => pattern !== "*" && isPrincipal(pattern, principal, client),
  );
}

function fits(rule: PolicyRule, request: PolicyRequest, roles: readonly string[]): Answer {
  const { principal, client, tool, source, category } = request;
  if (!rule.principals.some((pattern) => isPrincipal(pattern, principal, client))) return false;
  if (!rule.roles.includes("*") && !rule.roles.some((role) => roles.includes(role))) return false;
  if (!rule.tools.some((pattern) => fitsGlob(pattern, tool))) return false;
  if (!rule.sources.some((pattern) => fitsGlob(pattern, source))) return false;
  if (!rule.categories.some((pattern) => fitsGlob(pattern, category))) return false;
  if (!rule.risks.includes(riskOf(request))) return false;
  const answers: Answer[] = [isOpen(rule.when, request.atMs)];
  for (const [path, predicate] of Object.entries(rule.args)) {
    answers.push(alike(valuesAt(request.args, path.split(".")).map((at) => holds(predicate, at))));
  }
  if (answers.includes(false)) return false;
  return answers.includes("perhaps") ? "perhaps" : true;
}

function alike(answers: readonly Answer[]): Answer {
  if (answers.length > 0 && answers.every((answer) => answer === true)) return true;
  if (answers.length > 0 && answers.every((answer) => answer === false)) return false;
  return "perhaps";
}

const absent = Symbol("absent");
const misshapen = Symbol("misshapen");
type Place = JsonValue | typeof absent | typeof misshapen;

function valuesAt(value: JsonValue, [part, ...rest]: readonly string[]): Place[] {
  if (part === undefined) return [value];
  const isList = part.endsWith("[]");
  const key = isList ? part.slice(0, -2) : part;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [misshapen];
  const member: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  if (member === undefined) return [absent];
  if (!isList) return valuesAt(member as JsonValue, rest);
  if (!Array.isArray(member)) return [misshapen];
  return member.flatMap((element: JsonValue) => valuesAt(element, rest));
}

function holds(predicate: ArgumentPredicate, value: Place): Answer {
  if (value === misshapen) return "perhaps";
  if (predicate.absent === true) {
    if (value === absent) return true;
    return value === null ? "perhaps" : false;
  }
  if (value === absent) return predicate.absent === false ? false : "perhaps";
  const answers: Answer[] = [];
  if (predicate.equals !== undefined) answers.push(isAmong([predicate.equals], value));
  if (predicate.oneOf !== undefined) answers.push(isAmong(predicate.oneOf, value));
  const text = typeof value === "string" ? value : undefined;
  if (predicate.glob !== undefined) {
    answers.push(
      text === undefined ? "perhaps" : predicate.glob.some((one) => fitsGlob(one, text)),
    );
  }
  if (predicate.notGlob !== undefined) {
    answers.push(
      text === undefined ? "perhaps" : predicate.notGlob.every((one) => !fitsGlob(one, text)),
    );
  }
  const segments = text?.startsWith("/") === true ? resolve(text) : undefined;
  const isIn = (directory: string): boolean =>
    resolve(directory).every((segment, at) => segments?.[at] === segment);
  if (predicate.under !== undefined) {
    answers.push(segments === undefined ? "perhaps" : predicate.under.some(isIn));
  }
  if (predicate.notUnder !== undefined) {
    answers.push(segments === undefined ? "perhaps" : !predicate.notUnder.some(isIn));
  }
  if (predicate.atLeast !== undefined) {
    answers.push(typeof value === "number" ? value >= predicate.atLeast : "perhaps");
  }
  if (predicate.atMost !== undefined) {
    answers.push(typeof value === "number" ? value <= predicate.atMost : "perhaps");
  }
  if (answers.includes(false)) return false;
  return answers.includes("perhaps") ? "perhaps" : true;
}

function isAmong(choices: readonly JsonValue[], value: JsonValue): Answer {
  if (choices.includes(value)) return true;
  const kind = (one: JsonValue): string => (one === null ? "null" : typeof one);
  return choices.some((choice) => kind(choice) === kind(value)) ? false : "perhaps";
}

function resolve(path: string): string[] {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
}

/** Tries every length that a star could have. */
function fitsGlob(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] !== "*") {
    return pattern[0] === text[0] && fitsGlob(pattern.slice(1), text.slice(1));
  }
  for (let length = 0; length <= text.length; length += 1) {
    if (fitsGlob(pattern.slice(1), text.slice(length))) return true;
  }
  return false;
}

const week = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** By comparing times as text. Only for zones that never turn their clocks. */
function isOpen({ days, from, to, timezone }: PolicyRule["when"], atMs: number): boolean {
  const hours = { UTC: 0, "Asia/Kolkata": 5.5, "Etc/GMT+8": -8 }[timezone];
  if (hours === undefined) throw new Error(`the reference does not know ${timezone}`);
  const wall = new Date(atMs + hours * 3_600_000);
  const time = wall.toISOString().slice(11, 16);
  const isToday = (days as readonly string[]).includes(week[wall.getUTCDay()]!);
  const isYesterday = (days as readonly string[]).includes(week[(wall.getUTCDay() + 6) % 7]!);
  if (from < to) return isToday && time >= from && time < to;
  return (isToday && time >= from) || (isYesterday && time < to);
}
