import { systemClock } from "op-core";
import { createApiKeys } from "../../../src/auth/keys/api-keys.ts";
import { createFileKeyStore } from "../../../src/auth/keys/file-key-store.ts";
import { openLocalToken } from "../../../src/auth/local/local-token.ts";

/** Makes ten keys, and the local token, in the directory it is given; tells the token. */
const [stateDir = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const localToken = await openLocalToken({ stateDir, signal });
const store = createFileKeyStore({ path: `${stateDir}/api-keys.json`, clock: systemClock });
const keys = createApiKeys({ store, clock: systemClock });
for (let number = 0; number < 10; number += 1) {
  await keys.create({ name: `key ${number}`, scopes: [], signal });
}
process.stdout.write((await localToken.read({ signal })).reveal());
