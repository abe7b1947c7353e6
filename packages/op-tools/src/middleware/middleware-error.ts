import { OpError } from "op-core";

/** A middleware whose place in the chain is not stated properly. */
export class MiddlewarePriorityError extends OpError {
  static readonly code = "ERR_MIDDLEWARE_PRIORITY";
  static readonly meaning = "A middleware's priority is not an integer from 0 to 255.";
  readonly code = MiddlewarePriorityError.code;

  constructor(name: string, priority: number) {
    super(`The middleware ${JSON.stringify(name)} has the priority ${priority}.`, {
      advice: "Give it an integer from 0 (runs first) to 255 (runs last).",
      data: { name, priority: String(priority) },
    });
  }
}
