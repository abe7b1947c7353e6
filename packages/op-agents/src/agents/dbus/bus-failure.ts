import { AuthenticationError, CallFailedError, CallTimeoutError, ConnectError } from "op-dbus";
import { operationFailure } from "../../serving/operation-failure.ts";
import { cleanText } from "../text/clean-text.ts";

/** Errors by which services say that this user may not do something. */
const refusals =
  /(?:InteractiveAuthorizationRequired|AccessDenied|AuthFailed|PermissionDenied|NotAuthorized)$/u;

/** Does something on a bus, and makes of its failure what an operation says of it. */
export async function onBus<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toFailure(what, error);
  }
}

function toFailure(what: string, error: unknown): unknown {
  if (error instanceof CallFailedError) return toAnswerFailure(what, error);
  if (error instanceof CallTimeoutError) {
    return operationFailure({
      code: "ERR_BUS_TIMEOUT",
      message: `${what} failed: the service did not answer in time.`,
      advice: "Whether it was done is unknown: look at the state before you try again.",
    });
  }
  if (error instanceof ConnectError || error instanceof AuthenticationError) {
    return operationFailure({
      code: "ERR_BUS_UNAVAILABLE",
      message: `${what} failed: the system bus can't be reached. ${cleanText(error.message, 400)}`,
      advice: "Check that dbus.socket runs and that the agent's configuration names its address.",
      retryable: true,
    });
  }
  return error;
}

function toAnswerFailure(what: string, { errorName, data }: CallFailedError): Error {
  const { text } = data;
  const said = cleanText(typeof text === "string" && text !== "" ? text : errorName, 400);
  if (refusals.test(errorName)) {
    return operationFailure({
      code: "ERR_NOT_AUTHORIZED",
      message: `${what} was refused by the system: ${said}`,
      advice:
        "op-mcp's user may not do it: run op-mcp as one who may, or allow it by a polkit rule.",
      data: { error: errorName },
    });
  }
  if (
    /(?:NoSuchUnit|FileNotFound|UnknownConnection|InvalidConnection|UnknownDevice)$/u.test(
      errorName,
    )
  ) {
    const advice = "List what there is first.";
    return operationFailure({
      code: "ERR_NOT_FOUND",
      message: `${what} failed: ${said}`,
      advice,
      data: { error: errorName },
    });
  }
  return operationFailure({
    code: "ERR_BUS_CALL",
    message: `${what} failed: ${said}`,
    data: { error: errorName },
  });
}
