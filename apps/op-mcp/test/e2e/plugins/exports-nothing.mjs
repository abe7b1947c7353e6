// A module that is no plugin.
export const answer = 42;
