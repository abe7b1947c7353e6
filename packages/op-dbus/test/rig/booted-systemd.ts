export {
  missingSystemd,
  openBootedSystemd,
  type BootedSystemd,
} from "@op-mcp/test-support/booted-systemd";
