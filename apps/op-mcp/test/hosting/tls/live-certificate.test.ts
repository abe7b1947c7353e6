import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { createManualClock } from "op-core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeCertificate, type MadeCertificate } from "../fixtures/certificates.ts";
import { openHosted, type Hosted } from "../fixtures/hosted.ts";

let folder: string;
let first: MadeCertificate;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "op-mcp-tls-"));
  first = await makeCertificate(folder, "first");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const serve = (more: object = {}) => ({
  listeners: ["https://127.0.0.1:0"],
  tls: { certFile: first.cert, keyFile: first.key, ...more },
});

/** The common name the server shows. */
function shownBy({ origin }: Hosted): Promise<string> {
  return new Promise((resolve, reject) => {
    const port = Number(new URL(origin).port);
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      const { CN } = socket.getPeerCertificate().subject;
      socket.end();
      resolve(String(CN));
    });
    socket.on("error", reject);
  });
}

it("is renewed without a restart, and while connections stay", async () => {
  const clock = createManualClock();
  await using hosted = await openHosted({ clock, serve: serve({ checkMs: 1000 }) });
  expect(await shownBy(hosted)).toBe("first");
  const second = await makeCertificate(folder, "second");
  await copyFile(second.key, first.key);
  await copyFile(second.cert, first.cert);
  await clock.advance(1000);
  await hosted.host.reloadCertificate();
  expect(await shownBy(hosted)).toBe("second");
});

it("goes on to be used where the new one cannot be", async () => {
  const clock = createManualClock();
  await using hosted = await openHosted({ clock, serve: serve({ checkMs: 1000 }) });
  await writeFile(first.cert, "no certificate");
  await hosted.host.reloadCertificate();
  expect(await shownBy(hosted)).toBe("first");
  await rm(first.cert);
  await hosted.host.reloadCertificate();
  expect(await shownBy(hosted)).toBe("first");
});

it("is needed, must fit its key, and the key must be nobody else's", async () => {
  const open = (tls: object) => openHosted({ serve: { listeners: ["https://127.0.0.1:0"], tls } });
  await expect(open({})).rejects.toMatchObject({ code: "ERR_TLS_FILES" });
  const second = await makeCertificate(folder, "second");
  const mixed = { certFile: first.cert, keyFile: second.key };
  await expect(open(mixed)).rejects.toMatchObject({ code: "ERR_TLS_FILES" });
  await chmod(second.key, 0o644);
  const exposed = { certFile: second.cert, keyFile: second.key };
  await expect(open(exposed)).rejects.toMatchObject({ code: "ERR_SECRET_EXPOSED" });
});

it("of a client lets it in where it is mapped, and nobody else by it", async () => {
  const [ci, stranger] = [
    await makeCertificate(folder, "ci"),
    await makeCertificate(folder, "foe"),
  ];
  await using hosted = await openHosted({
    serve: serve({ clientCaFile: ci.cert }),
    auth: { certificates: [{ match: ["CN:ci"], principal: "cert:ci" }] },
  });
  const ask = async (own?: MadeCertificate): Promise<number> => {
    const pair =
      own === undefined ? {} : { cert: await readFile(own.cert), key: await readFile(own.key) };
    return await new Promise((resolve, reject) => {
      const url = `${hosted.origin}/mcp`;
      request(url, { method: "POST", rejectUnauthorized: false, ...pair }, (res) =>
        resolve(res.resume().statusCode ?? 0),
      )
        .on("error", reject)
        .end();
    });
  };
  // Let in, and then told that this is no JSON.
  expect(await ask(ci)).toBe(415);
  expect(await ask()).toBe(401);
  expect(await ask(stranger)).toBe(401);
});

it("may be a condition for coming in at all", async () => {
  const ci = await makeCertificate(folder, "ci");
  const tls = { clientCaFile: ci.cert, isClientCertificateRequired: true };
  await using hosted = await openHosted({ serve: serve(tls) });
  const refused = new Promise((resolve) => {
    request(`${hosted.origin}/health`, { rejectUnauthorized: false }, resolve)
      .on("error", resolve)
      .end();
  });
  expect(await refused).toBeInstanceOf(Error);
});
