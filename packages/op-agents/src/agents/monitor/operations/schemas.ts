import {
  boolean,
  integer,
  listSchema,
  number,
  objectSchema,
  orNull,
  string,
} from "../../operation/output-schema.ts";

/** The schema of an alert. */
export const alertSchema = objectSchema({
  kind: { type: "string", enum: ["raised", "cleared"] },
  what: string,
  value: number,
  threshold: number,
  at: string,
});

const onePressure = orNull("object", {
  description: "For how much of the last 10, 60 and 300 seconds something waited, in percent.",
  properties: { some: listSchema(number), full: listSchema(number) },
});

/** The schema of the pressure. */
export const pressureSchema = objectSchema({
  cpu: onePressure,
  memory: onePressure,
  io: onePressure,
});

/** The schema of how full a disk is. */
export const diskUsageSchema = objectSchema({
  mount: string,
  device: string,
  type: string,
  isReadOnly: boolean,
  totalBytes: integer,
  availableBytes: integer,
  usedPercent: number,
  inodesPercent: number,
});

/** The schema of a temperature. */
export const temperatureSchema = objectSchema({
  sensor: string,
  celsius: number,
  criticalCelsius: orNull("number"),
});
