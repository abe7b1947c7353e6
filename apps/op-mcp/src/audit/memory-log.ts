/** The log in memory, apart from that on the disk: it reads its entries by their schema, which takes memory. */
export { createMemoryAuditLog } from "op-audit";
