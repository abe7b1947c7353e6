import type { JsonObject } from "op-core";
import { z } from "zod";
import type { Problem, StatePlugin } from "../plugin/state-plugin.ts";
import { resourceId } from "../plugin/resource-id.ts";
import { StateInputError } from "../state-error.ts";
import { idOf, type DesiredResource, type DesiredState } from "./desired-state.ts";

const Version = z.literal(1);

/** A document as JSON or YAML gives it: plugins, their resources, and for each its desired value or "absent". */
const Document = z.strictObject({
  version: Version,
  state: z.record(z.string(), z.record(z.string(), z.json())),
});

const Requires = z.array(z.string());
const JsonRecord = z.record(z.string(), z.json());

/**
 * Reads a desired state from a value that JSON or YAML gave. Rejects with `ERR_STATE_INPUT`, which names every resource
 * and key that is wrong.
 */
export function parseDesiredState(value: unknown, plugins: readonly StatePlugin[]): DesiredState {
  const document = Document.safeParse(value);
  if (!document.success) throw new StateInputError(problemsOf("the document", document.error));
  const problems: Problem[] = [];
  const resources = Object.entries(document.data.state).flatMap(([plugin, byKey]) =>
    Object.entries(byKey).flatMap(([key, content]) => {
      const parsed = parseResource(plugin, key, content);
      if ("reason" in parsed) problems.push(parsed);
      return "reason" in parsed ? [] : [parsed];
    }),
  );
  if (problems.length > 0) throw new StateInputError(problems);
  checkDesiredState(resources, plugins);
  return resources;
}

/** Throws `ERR_STATE_INPUT` unless every resource belongs to a plugin and fits its schema. */
export function checkDesiredState(desired: DesiredState, plugins: readonly StatePlugin[]): void {
  const checks = new Map(plugins.map((plugin) => [plugin.name, createCheck(plugin)]));
  const known = new Set<string>();
  const problems = desired.flatMap((resource) => {
    const id = idOf(resource);
    if (known.has(id)) return [{ resource: id, reason: "it is declared twice." }];
    known.add(id);
    const check = checks.get(resource.plugin);
    if (check !== undefined) return check(resource);
    const names = plugins.map(({ name }) => name).join(", ");
    return [{ resource: id, reason: `there is no plugin ${resource.plugin}, but ${names}.` }];
  });
  const missing = desired.flatMap((resource) =>
    resource.requires
      .filter((id) => !known.has(id))
      .map((id) => ({
        resource: idOf(resource),
        reason: `requires ${id}, which is not declared.`,
      })),
  );
  if (problems.length + missing.length > 0) throw new StateInputError([...problems, ...missing]);
}

function parseResource(
  plugin: string,
  key: string,
  content: z.core.util.JSONType,
): DesiredResource | Problem {
  if (content === "absent") return { plugin, key, desired: null, requires: [] };
  const resource = idOf({ plugin, key });
  const object = JsonRecord.safeParse(content);
  if (!object.success) return { resource, reason: 'it has to be an object, or "absent".' };
  const { requires = [], ...desired } = object.data;
  const list = Requires.safeParse(requires);
  if (!list.success) return { resource, reason: "requires has to be a list of plugin:key." };
  return { plugin, key, desired, requires: list.data };
}

/** Throws `ERR_STATE_INPUT` unless the plugin has resources of these names. */
export function checkKeys(plugin: StatePlugin, keys: readonly string[]): void {
  const check = createKeyCheck(plugin);
  const problems = keys.flatMap(check);
  if (problems.length > 0) throw new StateInputError(problems);
}

function createKeyCheck(plugin: StatePlugin): (key: string) => readonly Problem[] {
  const pattern = new RegExp(`^(?:${plugin.keys.pattern})$`, "u");
  const reason = `its name has to be ${plugin.keys.meaning}.`;
  return (key) => (pattern.test(key) ? [] : [{ resource: resourceId(plugin.name, key), reason }]);
}

function createCheck(plugin: StatePlugin): (resource: DesiredResource) => readonly Problem[] {
  const schema = z.fromJSONSchema(plugin.schema);
  const checkKey = createKeyCheck(plugin);
  return (resource) => {
    const wrongKey = checkKey(resource.key);
    if (wrongKey.length > 0) return wrongKey;
    return checkValue(plugin, schema, resource.desired, idOf(resource));
  };
}

function checkValue(
  plugin: StatePlugin,
  schema: z.ZodType,
  desired: JsonObject | null,
  id: string,
): readonly Problem[] {
  if (desired === null) {
    const reason = "it cannot be absent.";
    return plugin.capabilities.canBeAbsent ? [] : [{ resource: id, reason }];
  }
  const result = schema.safeParse(desired);
  return result.success ? [] : problemsOf(id, result.error);
}

function problemsOf(resource: string, error: z.ZodError): readonly Problem[] {
  return error.issues.map(({ path, message }) => ({
    resource,
    reason: path.length === 0 ? message : `${path.join(".")}: ${message}`,
  }));
}
