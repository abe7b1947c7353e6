import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openProcessHost, type ProcessHost, type SandboxProfile } from "../../src/index.ts";
import { whyNot } from "../fixtures/rigs.ts";
import { runChild, runScript } from "../fixtures/run-child.ts";

const lacking = whyNot("full");
const folder = mkdtempSync(join(tmpdir(), "op-process-sandbox-"));
chmodSync(folder, 0o777);
mkdirSync(join(folder, "secret"));
writeFileSync(join(folder, "file"), "shown\n", { mode: 0o644 });
writeFileSync(join(folder, "secret/key"), "hidden\n", { mode: 0o644 });

describe.skipIf(lacking !== "").each(["namespaces", "full"] as const)(
  `a child at level %s${lacking}`,
  (level) => {
    let host: ProcessHost;
    beforeAll(async () => {
      host = await openProcessHost();
    });
    afterAll(async () => await host[Symbol.asyncDispose]());

    const run = async (script: string, profile: SandboxProfile = {}) =>
      await runScript(host, script, { sandbox: { level, ...profile } });
    const call = async (perl: string) =>
      (await runChild(host, { argv: ["perl", "-e", perl], cwd: "/", sandbox: { level } })).stdout;

    test("writes nothing outside its own folders", async () => {
      for (const path of [
        "/x",
        "/etc/x",
        "/usr/x",
        "/var/x",
        "/home/x",
        "/run/x",
        "/dev/x",
        "/sys/x",
      ]) {
        const { status, stderr } = await run(`: >${path}`);
        expect([path, status]).toMatchObject([path, { kind: "exited", code: 2 }]);
        expect(stderr).toMatch(/Read-only file system|Permission denied/u);
      }
    });

    test("has a /tmp that nobody else sees, and that does not outlive it", async () => {
      const { stdout } = await run("ls /tmp; echo kept >/tmp/mine; cat /tmp/mine");
      expect(stdout).toBe("kept\n");
      expect((await run("ls /tmp /var/tmp /dev/shm")).stdout).not.toContain("mine");
      const { stderr } = await run("head -c 100M /dev/zero >/tmp/big");
      expect(stderr).toContain("No space left");
    });

    test("sees no home, no socket of a service, and what it may see only", async () => {
      expect((await run("ls -A /home /root /run | grep -v :")).stdout.trim()).toBe("");
      expect((await run(`cat ${folder}/file`)).stderr).toContain("No such file");
      const profile = { readable: [folder], hidden: [join(folder, "secret")] };
      expect((await run(`cat ${folder}/file; ls ${folder}/secret`, profile)).stdout).toBe(
        "shown\n",
      );
      expect((await run(`echo x >${folder}/file`, profile)).stderr).toContain("Read-only");
    });

    test("writes where it may", async () => {
      await run(`echo from inside >${folder}/new-${level}`, { writable: [folder] });
      expect(readFileSync(join(folder, `new-${level}`), "utf8")).toBe("from inside\n");
    });

    test("sees its own processes alone", async () => {
      const { stdout } = await run(
        "ls /proc | grep '^[0-9]' | sort -n | head -n 1; ls -d /proc/[0-9]* | wc -l",
      );
      const [first, count] = stdout.trim().split("\n").map(Number);
      expect(first).toBe(1);
      expect(count).toBeLessThan(8);
      expect((await run(`kill -0 ${process.pid}`)).status).toMatchObject({ code: 1 });
    });

    test("reaches no network, unless it may", async () => {
      await using server = createServer((socket) => socket.end("hello")).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const connect = `require("node:net").connect(${port}, "127.0.0.1").on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code))`;
      const spec = { argv: [process.execPath, "-e", connect], cwd: "/" } as const;
      // The checkout may lie where the sandbox hides everything.
      const readable = [dirname(process.execPath)];
      const alone = await runChild(host, { ...spec, sandbox: { level, readable } });
      expect(alone.stdout).toMatch(/ECONNREFUSED|ENETUNREACH/u);
      const connected = await runChild(host, {
        ...spec,
        sandbox: { level, readable, network: "host" },
      });
      expect(connected.stdout).toBe("hello\n");
    });

    test("is nobody, has no capabilities and gets none", async () => {
      const { stdout } = await run(
        "id -u; grep -E '^(CapPrm|CapEff|CapBnd|NoNewPrivs)' /proc/self/status",
      );
      const [uid, ...rest] = stdout.trim().split("\n");
      expect(Number(uid)).toBeGreaterThan(0);
      expect(rest.map((line) => line.replace(/\s+/u, " "))).toEqual([
        "CapPrm: 0000000000000000",
        "CapEff: 0000000000000000",
        "CapBnd: 0000000000000000",
        "NoNewPrivs: 1",
      ]);
    });

    test("as the same user has no capabilities either, and writes nothing that root may", async () => {
      const { stdout, stderr } = await run(
        "id -u; grep CapEff /proc/self/status; for f in /etc/shadow /proc/sys/kernel/hostname /proc/sys/kernel/core_pattern; do true >$f; done",
        { user: "same" },
      );
      expect(stdout.replaceAll(/\s+/gu, " ")).toBe(
        `${process.getuid?.() ?? 0} CapEff: 0000000000000000 `,
      );
      expect(stderr.match(/Read-only file system|Permission denied/gu)).toHaveLength(3);
      const { status } = await run("mount -t tmpfs x /tmp || unshare -m true || chroot / true", {
        user: "same",
      });
      expect(status).not.toMatchObject({ kind: "exited", code: 0 });
    });

    test("can't make namespaces or mounts", async () => {
      for (const command of [
        "unshare -Ur true",
        "unshare -Urm mount -t tmpfs x /tmp",
        "mount -t tmpfs x /tmp",
      ]) {
        const { status } = await run(command);
        expect([command, status.kind === "exited" && status.code === 0]).toEqual([command, false]);
      }
    });

    test("the filter is there at level full alone", async () => {
      // ptrace(TRACEME), keyctl, io_uring_setup, bpf: forbidden; then getpid: not.
      const numbers = process.arch === "arm64" ? [117, 219, 425, 172] : [101, 250, 425, 39];
      const answer = await call(
        `use Errno; for my $n (${numbers.join(",")}) { my $r = syscall($n, 0, 0, 0, 0); print $r < 0 && $!{EPERM} ? "EPERM " : "other " }`,
      );
      expect(answer.startsWith("EPERM EPERM EPERM")).toBe(level === "full");
      expect(answer.endsWith("other ")).toBe(true);
      const vsock = await call(
        'use Socket; print socket(my $s, 40, SOCK_STREAM, 0) ? "open" : "$!"',
      );
      expect(vsock.includes("not supported") || level === "namespaces").toBe(true);
      expect((await run("grep ^Seccomp: /proc/self/status")).stdout).toContain(
        level === "full" ? "2" : "0",
      );
    });
  },
);

afterAll(() => rmSync(folder, { recursive: true }));
