/** Typed proxies for systemd and the small services that come with it. */
export { hostnamed } from "./hostnamed.ts";
export { localed } from "./localed.ts";
export { logindManager } from "./logind.ts";
export { systemdJob } from "./systemd-job.ts";
export { systemdManager } from "./systemd.ts";
export {
  createHostnamed,
  createLocaled,
  createLogindManager,
  createSystemdJob,
  createSystemdManager,
  createSystemdService,
  createSystemdUnit,
  createTimedated,
} from "./systemd-proxies.ts";
export { systemdService, systemdUnit } from "./systemd-unit.ts";
export { timedated } from "./timedated.ts";
export { fromUnitPath, toUnitPath } from "./unit-path.ts";
