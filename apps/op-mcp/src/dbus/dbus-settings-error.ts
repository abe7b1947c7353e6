import { OpError } from "op-core";

/** A way to a bus that the configured adapter does not know. */
export class AdapterError extends OpError {
  static readonly code = "ERR_DBUS_ADAPTER";
  static readonly meaning = "The configured D-Bus adapter cannot reach a bus over ssh.";
  readonly code = AdapterError.code;

  constructor() {
    super("The dbus-next adapter cannot reach a bus through ssh.", {
      advice: "Set dbus.adapter to native, or give the host an address.",
    });
  }
}
