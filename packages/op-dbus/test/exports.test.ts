import { expect, it } from "vitest";
import * as dbusNext from "../src/dbus-next/index.ts";
import * as access from "../src/access/index.ts";
import * as config from "../src/config.ts";
import * as descriptions from "../src/descriptions/index.ts";
import * as network from "../src/network/index.ts";
import * as op from "../src/index.ts";
import * as systemd from "../src/systemd/index.ts";
import * as testing from "../src/testing/index.ts";
import * as tools from "../src/tools/index.ts";

it("op-dbus exports this and nothing else", () => {
  expect(Object.keys(op).toSorted()).toMatchInlineSnapshot(`
    [
      "AnsweredError",
      "AuthenticationError",
      "CallFailedError",
      "CallTimeoutError",
      "CommandEndedError",
      "ConnectError",
      "DbusNextError",
      "DisconnectedError",
      "IntrospectionError",
      "InvalidAddressError",
      "InvalidNameError",
      "InvalidSignatureError",
      "InvalidValueError",
      "MalformedMessageError",
      "MessageTooLargeError",
      "NameTakenError",
      "UnexpectedTypeError",
      "UnixFdError",
      "Variant",
      "argumentKeys",
      "argumentsFromJson",
      "argumentsToJson",
      "busInterfaceShape",
      "changeNoticeOf",
      "childPath",
      "createAnonymousMechanism",
      "createCookieMechanism",
      "createExternalMechanism",
      "createObjectServer",
      "createProxy",
      "createServiceTreeCache",
      "defaultBusConnectionOptions",
      "defaultSystemBusAddress",
      "defineInterface",
      "formatIntrospectionXml",
      "formatSignature",
      "formatType",
      "fromJson",
      "getManagedObjects",
      "identifyService",
      "interfaceDirectories",
      "interfacesOfService",
      "introspectableInterface",
      "isBusName",
      "isErrorName",
      "isInterfaceName",
      "isMemberName",
      "isObjectPath",
      "isUniqueName",
      "isWellKnownName",
      "jsonSchemaOf",
      "jsonSchemaOfArguments",
      "listActivatableServices",
      "listServices",
      "objectManagerInterface",
      "openBusConnection",
      "openPropertyCache",
      "parseBusName",
      "parseErrorName",
      "parseInterfaceName",
      "parseIntrospectionXml",
      "parseMemberName",
      "parseObjectPath",
      "parseSignature",
      "parseType",
      "parseUniqueName",
      "parseWellKnownName",
      "peerInterface",
      "propertiesInterface",
      "readInstalledInterfaces",
      "readServiceTree",
      "sessionServiceDirectories",
      "signatureOf",
      "sshBusCommand",
      "standardErrors",
      "systemServiceDirectories",
      "toJson",
      "walkObjects",
      "watchManagedObjects",
      "watchServices",
    ]
  `);
});

it("op-dbus/systemd exports this and nothing else", () => {
  expect(Object.keys(systemd).toSorted()).toMatchInlineSnapshot(`
    [
      "createHostnamed",
      "createLocaled",
      "createLogindManager",
      "createSystemdJob",
      "createSystemdManager",
      "createSystemdService",
      "createSystemdUnit",
      "createTimedated",
      "fromUnitPath",
      "hostnamed",
      "localed",
      "logindManager",
      "systemdJob",
      "systemdManager",
      "systemdService",
      "systemdUnit",
      "timedated",
      "toUnitPath",
    ]
  `);
});

it("op-dbus/network exports this and nothing else", () => {
  expect(Object.keys(network).toSorted()).toMatchInlineSnapshot(`
    [
      "createNetworkConnection",
      "createNetworkDevice",
      "createNetworkManager",
      "createNetworkSettings",
      "createResolvedManager",
      "networkManager",
      "networkManagerConnection",
      "networkManagerDevice",
      "networkManagerSettings",
      "resolvedManager",
    ]
  `);
});

it("op-dbus/testing exports this and nothing else", () => {
  expect(Object.keys(testing).toSorted()).toMatchInlineSnapshot(`
    [
      "describeBusConnection",
    ]
  `);
});

it("op-dbus/dbus-next exports this and nothing else", () => {
  expect(Object.keys(dbusNext).toSorted()).toMatchInlineSnapshot(`
    [
      "openDbusNextConnection",
    ]
  `);
});

it("op-dbus/access exports this and nothing else", () => {
  expect(Object.keys(access).toSorted()).toMatchInlineSnapshot(`
    [
      "AccessRuleError",
      "accessClasses",
      "classify",
      "createAccessRules",
      "defaultAccessRules",
      "graverOf",
      "isGraver",
      "targetOf",
      "unitOfPath",
      "unitsOf",
    ]
  `);
});

it("op-dbus/config exports this and nothing else", () => {
  expect(Object.keys(config).toSorted()).toMatchInlineSnapshot(`
    [
      "AccessConfig",
      "AccessRule",
      "DBusConfig",
    ]
  `);
});

it("op-dbus/descriptions exports this and nothing else", () => {
  expect(Object.keys(descriptions).toSorted()).toMatchInlineSnapshot(`
    [
      "cleanForeignText",
      "describeInterface",
      "describeMember",
      "describeService",
      "textOfAnnotations",
    ]
  `);
});

it("op-dbus/tools exports this and nothing else", () => {
  expect(Object.keys(tools).toSorted()).toMatchInlineSnapshot(`
    [
      "AccessDeniedError",
      "AuthorizationNeededError",
      "BusUnavailableError",
      "NotReadOnlyError",
      "OwnerChangedError",
      "PathNeededError",
      "TooManySubscriptionsError",
      "UnknownMemberError",
      "UntrustedOwnerError",
      "createDBusSources",
    ]
  `);
});
