import { resolveDirectories } from "../../config/directories.ts";
import type { PathsConfig } from "../../config/paths-config.ts";
import type { Environment } from "../../config/environment.ts";
import { readProcessRecords } from "../../records/process-records.ts";
import {
  isUpstreamsRecord,
  upstreamsRecordDirectory,
  type UpstreamView,
} from "../../upstreams/upstream-record.ts";

/** A server as one running op-mcp sees it. */
export interface RunningUpstream extends UpstreamView {
  /** Of the op-mcp, which serves since then. */
  readonly pid: number;
  readonly startedAt: string;
}

/** The servers that the running op-mcp of this user have used, those of the latest one first. */
export function findRunningUpstreams(
  paths: PathsConfig,
  env: Environment,
): readonly RunningUpstream[] {
  const directory = upstreamsRecordDirectory(resolveDirectories(paths, env));
  return readProcessRecords(directory, isUpstreamsRecord).flatMap(({ pid, startedAt, upstreams }) =>
    upstreams.filter(({ isUsed }) => isUsed).map((view) => ({ pid, startedAt, ...view })),
  );
}
