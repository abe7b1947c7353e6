import { OpError, type JsonObject, type JsonValue, type OpErrorOptions } from "op-core";

/** The numbers that JSON-RPC and MCP define. */
export const rpcCodes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  /** Only in revisions before 2026-07-28. */
  resourceNotFound: -32_002,
  headerMismatch: -32_020,
  missingClientCapability: -32_021,
  unsupportedProtocolVersion: -32_022,
} as const;

/** A request that is refused by the protocol itself, with the number and data the client receives. */
export class JsonRpcError extends OpError {
  static readonly code = "ERR_JSON_RPC";
  static readonly meaning =
    "A message breaks the rules of JSON-RPC or MCP; the answer carries the protocol's own number.";
  readonly code = JsonRpcError.code;
  readonly rpcCode: number;
  readonly rpcData: JsonValue | undefined;

  constructor(rpcCode: number, message: string, rpcData?: JsonValue, options: OpErrorOptions = {}) {
    super(message, { ...options, data: { ...options.data, rpcCode } });
    this.rpcCode = rpcCode;
    this.rpcData = rpcData;
  }
}

/** Refuses parameters, naming the one that is wrong. */
export function invalidParams(message: string, data?: JsonObject): JsonRpcError {
  return new JsonRpcError(rpcCodes.invalidParams, message, data);
}
