let opened = 0;

/** Tells connections of all processes apart in logs. It is a name, not a secret. */
export function nameConnection(): string {
  opened += 1;
  return `${Math.trunc(performance.timeOrigin).toString(36)}-${process.pid}-${opened}`;
}
