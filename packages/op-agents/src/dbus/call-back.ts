/** Tells a stream when something is done, or that it failed. */
export async function callBack(
  work: Promise<unknown>,
  done: (error?: Error | null) => void,
): Promise<void> {
  let failure: Error | undefined;
  try {
    await work;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  done(failure);
}
