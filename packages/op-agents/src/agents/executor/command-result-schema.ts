import { boolean, objectSchema, orNull, string } from "../operation/output-schema.ts";

/** The schema of how a command ended. */
export const commandResultSchema = objectSchema({
  stdout: string,
  stderr: string,
  exitCode: orNull("integer"),
  signal: orNull("string"),
  isTimedOut: boolean,
  isTruncated: boolean,
});
