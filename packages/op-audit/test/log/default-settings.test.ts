import { expect, it } from "vitest";
import { AuditConfig } from "../../src/index.ts";
import { defaultSettings } from "../../src/log/default-settings.ts";

it("the defaults that are plain data are those of the schema", () => {
  expect(defaultSettings).toEqual(AuditConfig.parse({}));
});
