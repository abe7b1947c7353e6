import type { LoadedConfig } from "../config/load-config.ts";
import { UsageError } from "./cli-error.ts";

/** The file that says a setting; throws `ERR_CLI_USAGE` where no file says it. */
export function fileOfSetting({ originOf }: LoadedConfig, path: readonly string[]): string {
  const { layer, where } = originOf(path);
  if (!["environment", "flag", "default"].includes(layer)) return where;
  throw new UsageError(`${path.join(".")} is said by no file, but by ${where}.`, {
    advice: "Change it there.",
  });
}
