/** How many calls may wait for their answer: a person has to answer each. */
const mostWaiting = 1000;

/**
 * Who a call would have gone to when it was looked at. A person who agrees to it agrees to that: when the name has
 * another owner by the time the call is made, it is not the same call any more.
 */
export class ExpectedOwners {
  readonly #owners = new Map<string, string>();

  /** Keeps the owner that a call was looked at with; nobody, where the service is yet to be started. */
  note(requestId: string, service: string, owner: string | undefined): void {
    const key = keyOf(requestId, service);
    this.#owners.delete(key);
    if (owner === undefined) return;
    this.#owners.set(key, owner);
    const [oldest] = this.#owners.keys();
    if (this.#owners.size > mostWaiting && oldest !== undefined) this.#owners.delete(oldest);
  }

  /** Whether a call goes to whom it was looked at with, if it was. */
  isExpected(requestId: string, service: string, owner: string): boolean {
    const expected = this.#owners.get(keyOf(requestId, service));
    return expected === undefined || expected === owner;
  }
}

function keyOf(requestId: string, service: string): string {
  return `${requestId} ${service}`;
}
