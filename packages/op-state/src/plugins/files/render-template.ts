/** What a template's names stand for. */
export type TemplateValues = Readonly<Record<string, string | number | boolean>>;

/**
 * Puts values where a text says `{{name}}`; values are put in as they are and are not read again. Throws a RangeError for
 * a name without a value.
 */
export function renderTemplate(template: string, values: TemplateValues): string {
  return template.replaceAll(/\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}/gu, (_, name: string) => {
    if (!Object.hasOwn(values, name))
      throw new RangeError(`the template's {{${name}}} has no value.`);
    return String(values[name]);
  });
}
