import * as z from "zod";

/** Below which isolation an agent does not start. */
export const LeastIsolation = z
  .enum(["none", "limits", "user", "namespaces", "full"])
  .default("full")
  .meta({ description: "Below which isolation none of these agents starts." });
