import * as z from "zod";

const between = (least: number, most: number) =>
  z
    .strictObject({
      min: z.int().min(0).default(least).meta({ description: "How many there are always." }),
      max: z.int().min(1).default(most).meta({ description: "How many there are under load." }),
    })
    .prefault({})
    .meta({ description: "How many of these agents there are." });

/** How many agents there are of a type that is needed often: one is always ready. */
export const WarmInstances = between(1, 4);

/** How many agents there are of a type that is needed now and then. */
export const InstancesOnDemand = between(0, 2);
