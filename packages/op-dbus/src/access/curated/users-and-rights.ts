import type { ServiceTable } from "../service-table.ts";

const administration = "org.freedesktop.accounts.user-administration";

/** Who has an account. */
export const accounts: ServiceTable = {
  services: ["org.freedesktop.Accounts"],
  interfaces: {
    "org.freedesktop.Accounts": {
      methods: {
        observe: "FindUserById FindUserByName ListCachedUsers",
        change: "CacheUser UncacheUser",
        forbidden: "CreateUser DeleteUser",
      },
      idempotent: "CacheUser UncacheUser",
      polkit: { [administration]: "CacheUser CreateUser DeleteUser UncacheUser" },
    },
    "org.freedesktop.Accounts.User": {
      methods: {
        observe: "GetPasswordExpirationPolicy",
        change: "SetEmail SetLanguage SetLocation SetRealName",
        destructive: "SetIconFile SetPasswordHint SetSession SetSessionType SetXSession",
        forbidden: `SetAccountType SetAutomaticLogin SetHomeDirectory SetLocked SetPassword SetPasswordExpirationPolicy
          SetPasswordMode SetShell SetUserExpirationPolicy SetUserName`,
      },
      secret: "Email LoginHistory PasswordHint",
      idempotent: `SetEmail SetIconFile SetLanguage SetLocation SetPasswordHint SetRealName SetSession SetSessionType
        SetXSession`,
      polkit: {
        "org.freedesktop.accounts.change-own-user-data": `SetEmail SetIconFile SetLanguage SetLocation SetRealName
          SetSession SetSessionType SetXSession`,
        [administration]: `SetAccountType SetHomeDirectory SetLocked SetPassword SetPasswordMode SetShell SetUserName`,
        "org.freedesktop.accounts.set-login-option": "SetAutomaticLogin",
      },
    },
  },
};

/** Who may do what. An agent of it answers for a person, so nobody registers one. */
export const policyKit1: ServiceTable = {
  services: ["org.freedesktop.PolicyKit1"],
  interfaces: {
    "org.freedesktop.PolicyKit1.Authority": {
      methods: {
        observe: "EnumerateActions",
        sensitive: "EnumerateTemporaryAuthorizations",
        change: "CancelCheckAuthorization CheckAuthorization",
        forbidden: `AuthenticationAgentResponse AuthenticationAgentResponse2 RegisterAuthenticationAgent
          RegisterAuthenticationAgentWithOptions RevokeTemporaryAuthorizationById RevokeTemporaryAuthorizations
          UnregisterAuthenticationAgent`,
      },
      idempotent: "CancelCheckAuthorization CheckAuthorization",
    },
  },
};
