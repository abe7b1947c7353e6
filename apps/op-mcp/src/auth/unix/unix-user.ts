/** A user of this machine, as the kernel knows it. */
export interface UnixUser {
  readonly uid: number;
  readonly groups: readonly number[];
}
