/** One thing that every adapter has to do, for any test runner. */
export interface ContractCase {
  readonly name: string;
  readonly check: () => Promise<void>;
}
