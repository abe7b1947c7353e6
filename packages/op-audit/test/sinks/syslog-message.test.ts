import { expect, test } from "vitest";
import { checkpointMessage } from "../../src/sinks/audit-message.ts";
import { entryMessage } from "../../src/sinks/entry-message.ts";
import { formatSyslog } from "../../src/sinks/syslog-message.ts";

const origin = { hostname: "my host", appName: "op-audit", processId: "42", facility: 13 };
const stamp = { v: 1, at: "2026-11-21T04:00:00.000Z", monotonicMs: 1 };

test("writes RFC 5424 with structured data that no text can leave", () => {
  const record = {
    ...stamp,
    kind: "call-ended",
    outcome: "refused",
    tool: 'a"]b\\',
    principal: "unix:uid=1",
  };
  const message = entryMessage(JSON.stringify(record), 3);
  expect(formatSyslog(message, origin)).toBe(
    String.raw`<108>1 2026-11-21T04:00:00.000Z my_host op-audit 42 call-ended [audit@32473 seq="3" principal="unix:uid=1" tool="a\"\]b\\" outcome="refused"] ` +
      `\uFEFF${message.text}`,
  );
});

test("tells urgent from ordinary", () => {
  const priorityOf = (record: object) =>
    /^<(\d+)>/.exec(
      formatSyslog(entryMessage(JSON.stringify({ ...stamp, ...record }), 0), origin),
    )?.[1];
  expect(priorityOf({ kind: "event", event: "authentication-failed" })).toBe("108");
  expect(priorityOf({ kind: "event", event: "started" })).toBe("109");
  expect(priorityOf({ kind: "call-began", tool: "t", risk: "destructive" })).toBe("109");
  expect(priorityOf({ kind: "call-began", tool: "t", risk: "read" })).toBe("110");
  expect(formatSyslog(checkpointMessage(stamp.at, 1, "n"), origin)).toMatch(
    /^<110>1 .* checkpoint \[audit@32473 size="1"\]/,
  );
});
