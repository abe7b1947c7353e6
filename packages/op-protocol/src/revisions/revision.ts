/** The revisions that open with `initialize` and keep a session. */
export const legacyRevisions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] as const;

/** The revisions whose every request carries its own version, client and capabilities. */
export const modernRevisions = ["2026-07-28"] as const;

/** A revision whose session starts with `initialize`. */
export type LegacyRevision = (typeof legacyRevisions)[number];

/** A stateless revision. */
export type ModernRevision = (typeof modernRevisions)[number];

/** A revision of MCP that is spoken here. Their names are dates, so that later ones compare greater. */
export type Revision = LegacyRevision | ModernRevision;

/** Whether a name is one of the handshake-based revisions spoken here. */
export function isLegacyRevision(name: string): name is LegacyRevision {
  return (legacyRevisions as readonly string[]).includes(name);
}

/** Whether a name is one of the stateless revisions spoken here. */
export function isModernRevision(name: string): name is ModernRevision {
  return (modernRevisions as readonly string[]).includes(name);
}

/** The revision a handshake settles on: the one asked for, or else the newest that has a handshake. */
export function negotiateRevision(requested: string): LegacyRevision {
  return isLegacyRevision(requested) ? requested : legacyRevisions[0];
}
