/** The states of devices, by NetworkManager's numbers. */
export const deviceStates: Readonly<Record<number, string>> = {
  0: "unknown",
  10: "unmanaged",
  20: "unavailable",
  30: "disconnected",
  40: "preparing",
  50: "configuring",
  60: "waiting for a password",
  70: "waiting for an address",
  80: "checking",
  90: "waiting for others",
  100: "activated",
  110: "deactivating",
  120: "failed",
};

/** Why devices change their states, by NetworkManager's numbers, as far as somebody would want to know. */
export const deviceReasons: Readonly<Record<number, string>> = {
  0: "",
  1: "",
  2: "it is managed now",
  3: "it is not managed any more",
  4: "it could not be configured",
  5: "no IP address could be had",
  6: "its IP address expired",
  7: "a password is missing",
  15: "DHCP could not be started",
  16: "DHCP failed",
  17: "DHCP failed",
  36: "the device is gone",
  37: "NetworkManager sleeps",
  38: "its connection was taken away",
  39: "somebody asked for it",
  40: "the link is gone or came back",
  42: "it was configured by somebody else",
  53: "the device it depends on failed",
  60: "another connection took its place",
};
