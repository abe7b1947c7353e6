/** What starts processes, loaded with the first of them. */
export { openProcessHost, ProcessHostClosedError } from "op-process";
