/**
 * D-Bus from TypeScript, without native code: connections that come back, exact values, introspection, proxies and
 * exported objects. It knows nothing of MCP.
 */
export type { AuthMechanism, AuthMechanismName } from "./auth/auth-mechanism.ts";
export { createAnonymousMechanism } from "./auth/anonymous.ts";
export { createCookieMechanism, type CookieMechanismOptions } from "./auth/cookie-sha1.ts";
export { createExternalMechanism } from "./auth/external.ts";
export type {
  BusConnection,
  CallAnswer,
  CallHandler,
  CallOptions,
  ConnectionEvent,
  EventStream,
  IncomingCall,
  MethodCall,
  MethodReply,
  OutgoingSignal,
  RequestNameOptions,
  Signal,
  SignalRule,
  SubscribeOptions,
} from "./connection/bus-connection.ts";
export { standardErrors } from "./connection/call-server.ts";
export {
  defaultBusConnectionOptions,
  openBusConnection,
  type BusByAddress,
  type BusByCommand,
  type BusConnectionOptions,
  type BusConnectionSettings,
} from "./connection/open-bus-connection.ts";
export {
  AuthenticationError,
  CallFailedError,
  CallTimeoutError,
  CommandEndedError,
  ConnectError,
  DbusNextError,
  DisconnectedError,
  IntrospectionError,
  InvalidAddressError,
  InvalidNameError,
  InvalidSignatureError,
  InvalidValueError,
  MalformedMessageError,
  MessageTooLargeError,
  NameTakenError,
  UnexpectedTypeError,
  UnixFdError,
  type AnyDBusError,
  type ValueProblem,
} from "./dbus-error.ts";
export {
  interfaceDirectories,
  interfacesOfService,
  listActivatableServices,
  readInstalledInterfaces,
  sessionServiceDirectories,
  systemServiceDirectories,
  type ActivatableService,
  type ReadDirectoriesOptions,
} from "./introspection/activatable-services.ts";
export {
  changeNoticeOf,
  signatureOf,
  type Annotations,
  type ArgumentDescription,
  type ChangeNotice,
  type Described,
  type InterfaceDescription,
  type MethodDescription,
  type NodeDescription,
  type PropertyAccess,
  type PropertyDescription,
  type SignalDescription,
} from "./introspection/description.ts";
export { formatIntrospectionXml } from "./introspection/format-introspection-xml.ts";
export type { IntrospectionDocument } from "./introspection/introspection-document.ts";
export { parseIntrospectionXml } from "./introspection/parse-introspection-xml.ts";
export { listServices, type BusService } from "./introspection/list-services.ts";
export { readServiceTree, type ReadServiceTreeOptions } from "./introspection/read-service-tree.ts";
export { identifyService } from "./introspection/service-identity.ts";
export {
  createServiceTreeCache,
  type ServiceTreeCache,
} from "./introspection/service-tree-cache.ts";
export {
  watchServices,
  type ServiceChange,
  type WatchServicesOptions,
} from "./introspection/watch-services.ts";
export {
  walkObjects,
  type ServiceTree,
  type WalkedObject,
  type WalkGap,
  type WalkOptions,
} from "./introspection/walk-objects.ts";
export {
  argumentKeys,
  argumentsFromJson,
  argumentsToJson,
  jsonSchemaOfArguments,
} from "./json/arguments.ts";
export { fromJson } from "./json/from-json.ts";
export { jsonSchemaOf } from "./json/json-schema-of.ts";
export { toJson, type ToJsonOptions } from "./json/to-json.ts";
export { defaultSystemBusAddress } from "./link/bus-address.ts";
export { sshBusCommand, type BusCommand, type SshBusOptions } from "./link/bus-command.ts";
export {
  isBusName,
  isUniqueName,
  isWellKnownName,
  parseBusName,
  parseUniqueName,
  parseWellKnownName,
  type BusName,
  type UniqueName,
  type WellKnownName,
} from "./names/bus-name.ts";
export { isErrorName, parseErrorName, type ErrorName } from "./names/error-name.ts";
export { isInterfaceName, parseInterfaceName, type InterfaceName } from "./names/interface-name.ts";
export { isMemberName, parseMemberName, type MemberName } from "./names/member-name.ts";
export { childPath, isObjectPath, parseObjectPath, type ObjectPath } from "./names/object-path.ts";
export { AnsweredError } from "./object-server/answered-error.ts";
export type {
  CallContext,
  ExportedProperty,
  Implementation,
} from "./object-server/implementation.ts";
export {
  createObjectServer,
  type Exported,
  type ObjectServer,
} from "./object-server/object-server.ts";
export {
  defineInterface,
  type InterfaceShape,
  type MethodShape,
  type PropertyShape,
  type SignalShape,
} from "./proxy/interface-shape.ts";
export {
  getManagedObjects,
  watchManagedObjects,
  type ManagedInterfaces,
  type ManagedObjectChange,
} from "./proxy/managed-objects.ts";
export {
  openPropertyCache,
  type PropertyCache,
  type PropertyCacheOptions,
} from "./proxy/property-cache.ts";
export { createProxy, type ObjectAddress, type Proxy, type ProxySignal } from "./proxy/proxy.ts";
export {
  busInterfaceShape,
  introspectableInterface,
  objectManagerInterface,
  peerInterface,
  propertiesInterface,
} from "./proxy/standard-interfaces.ts";
export { formatSignature, formatType } from "./signature/format-signature.ts";
export { parseSignature, parseType } from "./signature/parse-signature.ts";
export type { SignatureValue, SignatureValues } from "./signature/signature-value.ts";
export type {
  ArrayType,
  BasicCode,
  BasicType,
  DBusType,
  DictionaryType,
  StructType,
  VariantType,
} from "./signature/signature.ts";
export { Variant, type DBusKey, type DBusValue } from "./wire/value.ts";
