/** What starts processes, loaded with the first of them. */
export { inspectSandbox, openProcessHost, ProcessHostClosedError } from "op-process";
