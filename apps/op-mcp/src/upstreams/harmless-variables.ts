/** What every program may know. Nothing else of op-mcp's environment is passed on, secrets least of all. */
export const harmlessVariables: readonly string[] = [
  "HOME",
  "LANG",
  "LC_ALL",
  "LOGNAME",
  "PATH",
  "SHELL",
  "TERM",
  "TMPDIR",
  "TZ",
  "USER",
];
