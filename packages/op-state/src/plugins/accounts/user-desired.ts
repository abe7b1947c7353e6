import type { JsonObject } from "op-core";
import { z } from "zod";

/** The names that accounts may have. */
export const accountNamePattern = String.raw`[a-z_][a-z0-9_-]{0,30}\$?`;

/** A name of an account, in a schema. */
const AccountName = z.string().regex(/^[a-z_][a-z0-9_-]{0,30}\$?$/);

/** A number of an account, in a schema; the highest two stand for nobody. */
export const AccountId = z.int().min(0).max(4_294_967_293);

const Path = z.string().regex(/^\/[^:\n]*$/);

/** What can be declared of a user. What is left out is left as it is. */
export const UserDesired = z.strictObject({
  uid: AccountId.optional().meta({
    description: "The user's number. Of a user that exists it cannot be changed.",
  }),
  group: AccountName.optional().meta({
    description: "The primary group. A new user gets one of its own name unless told.",
  }),
  groups: z.array(AccountName).optional().meta({
    description: "Every other group the user is in: those that are not listed it leaves.",
  }),
  comment: z
    .string()
    .regex(/^[^:\n]*$/)
    .optional()
    .meta({ description: "The full name, or what the account is for." }),
  home: Path.optional().meta({
    description: "The home folder. It is not made: declare it as a file, with its owner.",
  }),
  shell: Path.optional().meta({
    description: "The program that logging in starts; /usr/sbin/nologin lets nobody in.",
  }),
  locked: z.boolean().optional().meta({
    description: "Whether the password is of no use. Keys of SSH still are. New users are locked.",
  }),
  system: z.boolean().optional().meta({
    description: "Whether a new user is for a service: its number and shell are chosen for that.",
  }),
});

/** What can be declared of a user. */
export type UserDesired = z.output<typeof UserDesired>;

/** Reads a declaration that fits the schema. */
export function parseUserDesired(desired: JsonObject): UserDesired {
  return UserDesired.parse(desired);
}
