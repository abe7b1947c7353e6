import type { JsonObject, JsonValue } from "op-core";
import { LRUCache } from "lru-cache";
import type { TLocalizedValidationError } from "typebox/error";
import { describeViolations, type SchemaViolation } from "./describe-violations.ts";
import { inspectSchema } from "./inspect-schema.ts";
import type * as Engine from "./schema-engine.ts";

/** What a validator takes. */
export interface JsonSchemaValidatorOptions {
  /** How many schemas are remembered; the least recently used is forgotten first. */
  readonly maxSchemas?: number;
  /** After so many checks a schema is compiled, which costs more once and less from then on. */
  readonly compileAfter?: number;
}

/** Checks values against JSON Schema 2020-12, and draft-07 where it differs in what tools use. */
export interface JsonSchemaValidator {
  /**
   * Says where the value does not fit; nothing when it fits. A schema is looked at when it is first used, and known by
   * its identity from then on. Rejects with `ERR_SCHEMA_REFUSED` when nothing can be checked against it.
   */
  check(schema: JsonObject, value: JsonValue): Promise<readonly SchemaViolation[]>;
  /** Resolves when values can be checked against the schema, and rejects as `check` would. */
  inspect(schema: JsonObject): Promise<void>;
}

interface KnownSchema {
  checks: number;
  test: (value: JsonValue) => boolean;
  readonly refusal: unknown;
}

const mostErrors = 64;
const fits: readonly SchemaViolation[] = [];
const tooDeep: readonly SchemaViolation[] = [
  { path: "(root)", message: "is nested too deeply to be checked." },
];

/** Makes a validator. Its engine is loaded by the first check, so that a server's start does not pay for it. */
export function createJsonSchemaValidator(
  options: JsonSchemaValidatorOptions = {},
): JsonSchemaValidator {
  const { maxSchemas = 1000, compileAfter = 50 } = options;
  const known = new LRUCache<JsonObject, KnownSchema>({ max: maxSchemas });
  let engine: LoadedEngine | undefined;

  const entryOf = (schema: JsonObject, { Check }: LoadedEngine) => {
    let entry = known.get(schema);
    if (entry === undefined) {
      entry = inspect(schema, Check);
      known.set(schema, entry);
    }
    if (entry.refusal !== undefined) throw entry.refusal;
    return entry;
  };

  const testOf = (schema: JsonObject, loaded: LoadedEngine) => {
    const entry = entryOf(schema, loaded);
    entry.checks += 1;
    if (entry.checks === compileAfter) {
      const compiled = loaded.Compile(schema);
      entry.test = (value) => compiled.Check(value);
    }
    return entry.test;
  };

  return {
    inspect: async (schema) => {
      engine ??= await loadEngine();
      entryOf(schema, engine);
    },
    check: async (schema, value) => {
      engine ??= await loadEngine();
      try {
        if (testOf(schema, engine)(value)) return fits;
        return describeViolations(schema, value, errorsOf(schema, value, engine));
      } catch (error) {
        // A recursive schema follows a value as deep as it is nested.
        if (error instanceof RangeError) return tooDeep;
        throw error;
      }
    },
  };
}

type LoadedEngine = typeof Engine;

function loadEngine(): Promise<LoadedEngine> {
  return import("./schema-engine.ts");
}

/** The engine gives up after eight errors; how many is a setting of the whole process, so it is put back. */
function errorsOf(
  schema: JsonObject,
  value: JsonValue,
  { Errors, Settings }: LoadedEngine,
): readonly TLocalizedValidationError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: mostErrors });
  try {
    return Errors(schema, value)[1];
  } finally {
    Settings.Set({ maxErrors });
  }
}

function inspect(schema: JsonObject, check: (typeof Engine)["Check"]): KnownSchema {
  const test = (value: JsonValue) => check(schema, value);
  try {
    inspectSchema(schema);
    return { checks: 0, test, refusal: undefined };
  } catch (refusal) {
    return { checks: 0, test, refusal };
  }
}
