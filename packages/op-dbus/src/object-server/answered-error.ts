import { OpError } from "op-core";
import { parseErrorName } from "../names/error-name.ts";

/**
 * What an exported object throws to answer a call with a D-Bus error. Its message goes to the caller; of anything else
 * that is thrown the caller learns nothing.
 */
export class AnsweredError extends OpError {
  static readonly code = "ERR_DBUS_ANSWERED";
  static readonly meaning = "An exported D-Bus object answered a call with an error.";
  readonly code = AnsweredError.code;
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(message, { data: { errorName } });
    this.errorName = parseErrorName(errorName);
  }
}
