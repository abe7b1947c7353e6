import type { IncomingMessage } from "node:http";
import { isJsonObject, type JsonObject } from "op-core";
import type { ToolDescriptor } from "op-tools";
import type { RpcRequest } from "../json-rpc/json-rpc-message.ts";
import { decodeHeaderValue } from "./header-value.ts";
import { findParameterProblem } from "./parameter-headers.ts";
import { headerOf, versionHeader } from "./request-headers.ts";

/** The parameter that `Mcp-Name` repeats, by method. */
const nameSources: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

const noArguments: JsonObject = {};

function findNameProblem(
  sent: string | undefined,
  source: string,
  value: unknown,
): string | undefined {
  if (sent === undefined) return "Mcp-Name is missing";
  const name = decodeHeaderValue(sent);
  if (name === undefined) return "Mcp-Name has characters or an encoding it must not have";
  return name === value ? undefined : `Mcp-Name does not match params.${source} in the body`;
}

/**
 * What is wrong with the headers that repeat parts of a request's body, or nothing. Whoever is between client and server
 * decides by the headers, so a body that says otherwise must not be served.
 */
export function findMirrorProblem(
  req: Pick<IncomingMessage, "headers">,
  { method, params = noArguments }: RpcRequest,
  version: string,
  findTool: (name: string) => ToolDescriptor | undefined,
): string | undefined {
  const sentVersion = headerOf(req, versionHeader);
  if (sentVersion === undefined) return "MCP-Protocol-Version is missing";
  if (sentVersion !== version) return "MCP-Protocol-Version does not match _meta in the body";
  const sentMethod = headerOf(req, "mcp-method");
  if (sentMethod === undefined) return "Mcp-Method is missing";
  if (sentMethod !== method) return "Mcp-Method does not match the method in the body";
  const source = Object.hasOwn(nameSources, method) ? nameSources[method] : undefined;
  if (source === undefined) return undefined;
  const name = params[source];
  const problem = findNameProblem(headerOf(req, "mcp-name"), source, name);
  if (problem !== undefined || method !== "tools/call" || typeof name !== "string") return problem;
  const tool = findTool(name);
  const { arguments: args } = params;
  return tool === undefined
    ? undefined
    : findParameterProblem(tool, isJsonObject(args) ? args : noArguments, (header) =>
        headerOf(req, header),
      );
}
