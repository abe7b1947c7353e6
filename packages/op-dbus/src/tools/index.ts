/**
 * Every D-Bus service as tools and its objects as resources, for op-tools. Nothing is connected to before it is used,
 * and every operation passes the access rules.
 */
export type { BusTarget, ConnectBus } from "./buses/bus-target.ts";
export {
  createDBusSources,
  type DBusSource,
  type DBusSourcesOptions,
} from "./create-dbus-sources.ts";
export type { DBusConfig } from "./dbus-config.ts";
export {
  AccessDeniedError,
  AuthorizationNeededError,
  BusUnavailableError,
  NotReadOnlyError,
  OwnerChangedError,
  PathNeededError,
  TooManySubscriptionsError,
  UnknownMemberError,
  UntrustedOwnerError,
  type Denial,
} from "./dbus-tools-error.ts";
