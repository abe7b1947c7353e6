import type { Operation } from "../../serving/serve-agent.ts";
import { toServed } from "../operation/agent-operation.ts";
import { findRoots, type Folders } from "../places/root.ts";
import { changingOperations, readingOperations } from "./file-operations.ts";
import type { FileSetting } from "./file-setting.ts";

/** What the host gives to a file agent. */
export type FileArguments = Omit<FileSetting, "roots"> & Folders;

/** What a file agent serves. */
export function serveFiles(settings: FileArguments): Readonly<Record<string, Operation>> {
  const { readable, writable, ...limits } = settings;
  const setting = { ...limits, roots: findRoots({ readable, writable }) };
  const operations = [...readingOperations, ...(writable.length === 0 ? [] : changingOperations)];
  return Object.fromEntries(
    operations.map((operation) => [operation.name, toServed(operation, setting)]),
  );
}
