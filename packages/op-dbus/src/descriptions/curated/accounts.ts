import type { ServiceText } from "../curated-text.ts";

/** Users. */
export const accounts: ServiceText = {
  services: ["org.freedesktop.Accounts"],
  text: "AccountsService: who has an account on this machine, with names, pictures and languages.",
  keywords: ["users", "accounts", "people", "administrator"],
  interfaces: {
    "org.freedesktop.Accounts": {
      text: "Lists users. It is at /org/freedesktop/Accounts.",
      members: {
        ListCachedUsers: {
          text: "The paths of users who have logged in or been looked for.",
          keywords: ["list users"],
        },
        FindUserByName: { text: "The path of a user.", arguments: { name: "The login name." } },
        FindUserById: { text: "The path of a user.", arguments: { id: "The user's number." } },
        CreateUser: {
          text: "Makes an account.",
          arguments: {
            name: "The login name.",
            fullname: "The real name.",
            accountType: "0 ordinary, 1 administrator.",
          },
          keywords: ["add a user"],
        },
        DeleteUser: {
          text: "Deletes an account.",
          arguments: { id: "The user's number.", removeFiles: "true: with the home folder." },
        },
        CacheUser: { text: "Adds a user to the list.", arguments: { name: "The login name." } },
        UncacheUser: { text: "Takes a user off the list.", arguments: { name: "The login name." } },
        HasMultipleUsers: "Whether there is more than one user.",
        HasNoUsers: "Whether there is no user.",
        AutomaticLoginUsers: "The paths of users who need no password to log in.",
        UserAdded: "A user was added.",
        UserDeleted: "A user was deleted.",
      },
    },
    "org.freedesktop.Accounts.User": {
      text: "A user.",
      members: {
        UserName: "The login name.",
        RealName: "The real name.",
        Uid: "The number.",
        AccountType: {
          text: "0 ordinary, 1 administrator.",
          keywords: ["is a user an administrator"],
        },
        HomeDirectory: "The home folder.",
        Shell: "The login shell.",
        Language: "The language, such as de_AT.UTF-8.",
        Locked: { text: "Whether the account is locked.", keywords: ["is an account locked"] },
        LoginTime: {
          text: "When the user last logged in, in seconds since 1970.",
          keywords: ["last login"],
        },
        LoginFrequency: "How often the user has logged in.",
        AutomaticLogin: "Whether the user needs no password to log in.",
        PasswordMode: "0 a password, 1 to be set at the next login, 2 none.",
        IconFile: "The picture.",
        SetRealName: { text: "Sets the real name.", arguments: { name: "The name." } },
        SetLanguage: {
          text: "Sets the language.",
          arguments: { language: "Such as de_AT.UTF-8." },
        },
        SetEmail: { text: "Sets the e-mail address.", arguments: { email: "The address." } },
        SetIconFile: { text: "Sets the picture.", arguments: { filename: "A file." } },
        SetPassword: {
          text: "Sets the password.",
          arguments: { password: "Encrypted as crypt does.", hint: "A hint that everybody sees." },
        },
        SetLocked: {
          text: "Locks or unlocks the account.",
          arguments: { locked: "true: locks it." },
        },
        SetAccountType: {
          text: "Makes the user an administrator or not.",
          arguments: { accountType: "0 ordinary, 1 administrator." },
        },
        Changed: "Something about the user changed.",
      },
    },
  },
};
