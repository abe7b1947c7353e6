/** Where accounts are managed. */
export interface AccountsPluginOptions {
  /** Its `etc` has the accounts; the machine's own root unless told. */
  readonly root?: string;
}
