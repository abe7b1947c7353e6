import type { JsonObject } from "op-core";
import type { CliCallOptions, CliSystem } from "./cli-system.ts";
import { ToolFailedError } from "./cli-error.ts";
import { formatResult } from "./format-result.ts";
import { asObject } from "./json-fields.ts";
import { wrongArgumentsIn } from "./wrong-arguments.ts";

/** A tool with the arguments of one call. */
export interface DataCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** Calls a tool and answers its data. Rejects where the tool reports an error. */
export async function callForData(
  system: CliSystem,
  { name, args }: DataCall,
  options: CliCallOptions,
): Promise<JsonObject> {
  const result = await system.call(name, args, options);
  const refusal = wrongArgumentsIn(name, result);
  if (refusal !== undefined) throw refusal;
  if (result.isError === true) throw new ToolFailedError(name, formatResult(result));
  return asObject(result.structuredContent ?? {});
}
