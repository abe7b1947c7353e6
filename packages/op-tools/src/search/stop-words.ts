const words = `
a about again all already also am an and any anything anymore are around as at be been being but by can could did do
does doing done don dont ever every everything for from get gets getting give go going had happen happened happening has
have having help here hey hi how i if in into is it its itself just kind know let like ll long make makes many maybe me more most
much must my myself need needs no not now of ok on onto one or our out over own please put re really right s see shall
should so some someone something still such t take tell than thank thanks that the their them then there these they
thing things this those to too up us use using ve very via want wants was way we were what when where whether which
while who whom whose will with without would yes yet you your
`;

/** Words that say nothing of what a tool does. Phrases are looked for before these are dropped. */
export const stopWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/u));
