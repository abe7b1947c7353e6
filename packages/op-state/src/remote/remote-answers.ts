import { z } from "zod";
import { optionalOperations } from "./remote-port.ts";

/** The version of the protocol that this package speaks. */
const remoteProtocol = 1;

const JsonRecord = z.record(z.string(), z.json());
const Value = JsonRecord.nullable();
const Secrets = z.array(z.string()).exactOptional();
const Problems = z.strictObject({
  problems: z.array(z.strictObject({ resource: z.string(), reason: z.string() })),
});

/** What plugins elsewhere answer, by operation. Anything else is refused: they are not trusted to be right. */
export const remoteAnswers = {
  describe: z.strictObject({
    protocol: z.literal(remoteProtocol),
    name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/u),
    version: z.string().min(1),
    keys: z.strictObject({ pattern: z.string(), meaning: z.string() }),
    schema: JsonRecord,
    canBeAbsent: z.boolean(),
    /** The operations that it does besides those that all must. */
    optional: z.array(z.enum(optionalOperations)).default([]),
    /** States to reach one after the other, for those who check it on a machine where that may be tried. */
    examples: z.array(z.record(z.string(), Value)).default([]),
  }),
  query: z.strictObject({
    resources: z.record(
      z.string(),
      z.strictObject({ value: Value, fingerprint: z.string().exactOptional(), secrets: Secrets }),
    ),
  }),
  diff: z.strictObject({
    changes: z.array(
      z.strictObject({
        key: z.string(),
        action: z.enum(["create", "update", "delete"]),
        risk: z.enum(["write", "destructive", "privileged"]),
        isReversible: z.boolean().default(true),
        before: Value,
        after: Value,
        requires: z.array(z.string()).default([]),
        secrets: Secrets,
      }),
    ),
  }),
  check: Problems,
  apply: z.looseObject({}),
  verify: Problems,
  checkpoint: z.strictObject({ saved: z.record(z.string(), z.json()) }),
  show: z.strictObject({ value: Value, secrets: Secrets }),
  rollback: z.looseObject({}),
} as const;

/** What a plugin elsewhere says of itself. */
export type RemoteDescription = z.output<typeof remoteAnswers.describe>;
