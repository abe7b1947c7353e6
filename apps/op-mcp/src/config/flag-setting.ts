/** A value given on the command line. */
export interface FlagSetting {
  /** As the user wrote it, for messages: `--set log.level=debug` or `--log-level debug`. */
  readonly flag: string;
  readonly path: string;
  readonly text: string;
}

/** Splits the `path=value` of a `--set`. Without `=` the value is `true`. */
export function toFlagSetting(assignment: string): FlagSetting {
  const equals = assignment.indexOf("=");
  const flag = `--set ${assignment}`;
  if (equals < 0) return { flag, path: assignment, text: "true" };
  return { flag, path: assignment.slice(0, equals), text: assignment.slice(equals + 1) };
}
