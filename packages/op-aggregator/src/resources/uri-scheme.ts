/** The nearest thing to an upstream's name that may stand in a URI's scheme. */
export function toUriScheme(name: string): string {
  const spelt = name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-");
  return /^[a-z]/u.test(spelt) ? spelt : `u${spelt}`;
}
