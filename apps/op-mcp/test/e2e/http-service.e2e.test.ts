import { describe, expect } from "vitest";
import { modernRequest } from "../hosting/fixtures/hosted.ts";
import { BootedMachine, missingSystemd } from "./booted-machine.ts";
import { verifies } from "./verifies.ts";

/** A key, made as an administrator would. */
async function makeKey(machine: BootedMachine): Promise<string> {
  const made = await machine.sh(
    "runuser -u op-mcp -- env OP_MCP_PATHS__STATE_DIR=/var/lib/op-mcp op-mcp keys create ci --json",
  );
  const { token }: { token: string } = JSON.parse(made);
  return token;
}

const call = (token: string, name: string, args: object): RequestInit => {
  const { headers, body } = modernRequest("tools/call", { name, arguments: { ...args } });
  return { method: "POST", body, headers: { ...headers, authorization: `Bearer ${token}` } };
};

describe.skipIf(missingSystemd !== undefined)(`on systemd (${missingSystemd ?? "here"})`, () => {
  verifies("http.service", "from the first client to the last answer", async () => {
    await using machine = await BootedMachine.boot();
    expect(await machine.show("ActiveState")).toBe("inactive");

    // The first client starts it.
    expect((await machine.fetch("/health"))[0]).toBe(200);
    // It answers a moment before systemd has heard that it is ready.
    await expect.poll(() => machine.show("ActiveState"), { timeout: 10_000 }).toBe("active");
    expect(await machine.show("StatusText")).toBe(
      "Serving on http://127.0.0.1:7411, unix:/run/op-mcp/mcp.sock",
    );
    const token = await makeKey(machine);
    const [status, text] = await machine.fetch("/mcp", call(token, "get_system_info", {}));
    expect([status, text]).toEqual([200, expect.stringContaining("kernel")]);

    // Hardened: it can write where its state is, and nowhere else.
    const exposure = await machine.sh(
      "systemd-analyze security op-mcp.service --no-pager | tail -1",
    );
    expect(Number(/(\d+\.\d+)/.exec(exposure)?.[1])).toBeLessThan(2);

    // It stops answering the watchdog, and is started anew.
    const pid = await machine.show("MainPID");
    await machine.sh(`kill -STOP ${pid}`);
    await expect.poll(() => machine.show("MainPID"), { timeout: 20_000 }).not.toBe(pid);
    await expect.poll(() => machine.show("ActiveState"), { timeout: 20_000 }).toBe("active");
    expect((await machine.fetch("/health"))[0]).toBe(200);

    // A call in flight is finished before it leaves.
    const held = machine.fetch("/mcp", call(token, "hold", { until: "/etc/op-mcp/let-go" }));
    await expect
      .poll(() => machine.sh("journalctl -u op-mcp --no-pager -o cat | grep -c holding || true"), {
        timeout: 20_000,
      })
      .toBe("1");
    const stopped = machine.sh("systemctl stop op-mcp.socket op-mcp.service");
    await expect
      .poll(() => machine.show("StatusText"), { timeout: 20_000 })
      .toBe("Finishing what is in flight");
    await machine.sh("touch /etc/op-mcp/let-go");
    expect(await held).toEqual([200, expect.stringContaining("let go")]);
    await stopped;
    expect(await machine.show("Result")).toBe("success");
    expect(await machine.show("ExecMainStatus")).toBe("0");
  });
});
