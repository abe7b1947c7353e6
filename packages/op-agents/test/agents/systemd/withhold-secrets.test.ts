import { expect, test } from "vitest";
import { withholdSecrets } from "../../../src/agents/systemd/units/withhold-secrets.ts";

test.each([
  ["Environment=A=1", "Environment=A=(withheld)"],
  [`Environment="A=b c" 'D=e' F=g`, "Environment=A=(withheld) D=(withheld) F=(withheld)"],
  ["  Environment = A=1 plain", "  Environment =A=(withheld) (withheld)"],
  ["Environment=", "Environment="],
  ["SetCredential=token:abc", "SetCredential=token:(withheld)"],
  ["StandardInputText=hunter2", "StandardInputText=(withheld)"],
  [
    "Environment=A=1 \\\n  B=2 \\\n  C=3\nExecStart=/x",
    "Environment=A=(withheld)\\\nB=(withheld)\\\nC=(withheld)\nExecStart=/x",
  ],
  ["ExecStart=/x \\\nEnvironment=shown", "ExecStart=/x \\\nEnvironment=shown"],
  [
    "Environment=A=1 \\\n# about B\n  B=2\n",
    "Environment=A=(withheld)\\\n# about B\nB=(withheld)\n",
  ],
  ["EnvironmentFile=/etc/default/x", "EnvironmentFile=/etc/default/x"],
])("%j", (text, shown) => {
  expect(withholdSecrets(text)).toBe(shown);
});
