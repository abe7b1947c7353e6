import { describe, expect, it } from "vitest";
import { builtInOrigin } from "../../src/config/config-layer.ts";
import { defaultConfig } from "../../src/config/default-config.ts";
import { effectiveValues } from "../../src/config/effective-values.ts";

describe("the values in force", () => {
  it("take one look at the configuration, however many they are", () => {
    let looks = 0;
    const config = structuredClone(defaultConfig);
    Object.defineProperty(config, "toJSON", {
      value: () => {
        looks += 1;
        return defaultConfig;
      },
    });
    const originOf = () => builtInOrigin;
    const values = effectiveValues({ config, files: [], originOf });
    expect(values.length).toBeGreaterThan(100);
    expect(looks).toBe(1);
  });
});
