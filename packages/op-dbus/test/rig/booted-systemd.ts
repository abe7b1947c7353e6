export { missingSystemd, openBootedSystemd } from "@op-mcp/test-support/booted-systemd";
