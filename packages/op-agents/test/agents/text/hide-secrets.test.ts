import { expect, it } from "vitest";
import { hideSecrets } from "../../../src/agents/text/hide-secrets.ts";

it.each([
  ["mysqld --password=hunter2 --user=root", "mysqld --password=*** --user=root"],
  ["x --password hunter2 next", "x --password *** next"],
  ["x --api-key=abc --auth-token abc", "x --api-key=*** --auth-token ***"],
  [
    "env PGPASSWORD=abc AWS_SECRET_ACCESS_KEY=abc psql",
    "env PGPASSWORD=*** AWS_SECRET_ACCESS_KEY=*** psql",
  ],
  ["git clone https://me:abc@example.com/x", "git clone https://me:***@example.com/x"],
  ["tokenizer --file=passwords.txt", "tokenizer --file=passwords.txt"],
  ["ssh-agent -a /run/x --keep", "ssh-agent -a /run/x --keep"],
  ["x --token --verbose", "x --token --verbose"],
])("%s", (command, shown) => {
  expect(hideSecrets(command.split(" ")).join(" ")).toBe(shown);
});
