import { readKernelFile, readKernelFolder, readKernelNumber } from "./read-kernel-file.ts";
import { round } from "./read-memory.ts";

/** What a sensor measures. */
export type Temperature = {
  /** The chip, and what it measures there. */
  readonly sensor: string;
  readonly celsius: number;
  /** Where the machine protects itself, if the sensor says so. */
  readonly criticalCelsius: number | null;
};

/** Reads all sensors; a virtual machine has none. */
export function readTemperatures(sys = "/sys"): readonly Temperature[] {
  const chips = readKernelFolder(`${sys}/class/hwmon`).flatMap((name) =>
    readChip(`${sys}/class/hwmon/${name}`),
  );
  const zones = readKernelFolder(`${sys}/class/thermal`)
    .filter((name) => name.startsWith("thermal_zone"))
    .flatMap((name) => readZone(`${sys}/class/thermal/${name}`));
  // A zone is often a chip's sensor again.
  return chips.length > 0 ? chips : zones;
}

function readChip(folder: string): Temperature[] {
  const chip = readKernelFile(`${folder}/name`)?.trim() ?? "sensor";
  return readKernelFolder(folder).flatMap((file) => {
    const id = /^(temp\d+)_input$/u.exec(file)?.[1];
    if (id === undefined) return [];
    const label = readKernelFile(`${folder}/${id}_label`)?.trim() ?? id;
    const critical = readKernelNumber(`${folder}/${id}_crit`);
    return toTemperature(`${chip} ${label}`, readKernelNumber(`${folder}/${file}`), critical);
  });
}

function readZone(folder: string): Temperature[] {
  const name = readKernelFile(`${folder}/type`)?.trim() ?? "zone";
  const critical = readKernelFolder(folder)
    .filter((file) => /^trip_point_\d+_type$/u.test(file))
    .find((file) => readKernelFile(`${folder}/${file}`)?.trim() === "critical")
    ?.replace("_type", "_temp");
  return toTemperature(
    name,
    readKernelNumber(`${folder}/temp`),
    critical === undefined ? undefined : readKernelNumber(`${folder}/${critical}`),
  );
}

function toTemperature(
  sensor: string,
  milli: number | undefined,
  critical: number | undefined,
): Temperature[] {
  // Sensors that are not connected say something absurd.
  if (milli === undefined || milli < -100_000 || milli > 250_000) return [];
  const criticalCelsius = critical === undefined || critical <= 0 ? null : round(critical / 1000);
  return [{ sensor, celsius: round(milli / 1000), criticalCelsius }];
}
