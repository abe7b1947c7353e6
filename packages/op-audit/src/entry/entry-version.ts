/** The version of the schema that this package writes. It grows when the meaning of a field changes. */
export const entryVersion = 1;
