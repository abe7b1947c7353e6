/**
 * Takes stdout for the protocol and returns it: from then on `process.stdout` and `console` write to stderr for
 * everybody else. Called before anything else is loaded, since a module may print while it loads and one stray line
 * breaks the client's reader.
 */
export function guardStdout(): NodeJS.WriteStream {
  const { stdout } = process;
  Object.defineProperty(process, "stdout", {
    configurable: true,
    enumerable: true,
    get: () => process.stderr,
  });
  return stdout;
}
