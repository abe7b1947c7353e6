/** The name under which the bus itself can be called. */
export const busName = "org.freedesktop.DBus";

/** The bus's object. */
export const busPath = "/org/freedesktop/DBus";

/** The bus's interface. */
export const busInterface = "org.freedesktop.DBus";
