import type { ServiceText } from "../curated-text.ts";

const subject =
  'Who: a kind and details, such as ["unix-process", {…}] or ["system-bus-name", {"name": ":1.5"}].';

/** Who may do what. */
export const policyKit1: ServiceText = {
  services: ["org.freedesktop.PolicyKit1"],
  text: "polkit: decides who may do what, and asks for passwords.",
  keywords: ["permissions", "authorization", "pkexec", "pkcheck"],
  interfaces: {
    "org.freedesktop.PolicyKit1.Authority": {
      text: "Actions and who may do them. It is at /org/freedesktop/PolicyKit1/Authority.",
      members: {
        EnumerateActions: {
          text: "All actions with their description and what is asked for them. Long.",
          arguments: { locale: "The language, such as en_US; may be empty." },
          keywords: ["list polkit actions"],
        },
        CheckAuthorization: {
          text: "Whether somebody may do an action: whether they are allowed, whether a password is needed, and details.",
          arguments: {
            subject,
            action_id: "Such as org.freedesktop.systemd1.manage-units.",
            details: "{}.",
            flags: "0; 1 lets polkit ask a person.",
            cancellation_id: 'A text to cancel it by; "" for none.',
          },
          keywords: ["may a user do something"],
        },
        CancelCheckAuthorization: {
          text: "Gives up a check that waits for a person.",
          arguments: { cancellation_id: "The text it was begun with." },
        },
        EnumerateTemporaryAuthorizations: {
          text: "What somebody may do for a while after a password.",
          arguments: { subject },
        },
        BackendName: "What decides.",
        BackendVersion: "Its version.",
        Changed: "Actions or rules changed.",
      },
    },
  },
};
