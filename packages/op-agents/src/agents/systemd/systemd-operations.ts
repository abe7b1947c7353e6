import type { AgentOperation } from "../operation/agent-operation.ts";
import { readJournal } from "./journal/read-journal.ts";
import type { SystemdSetting } from "./systemd-setting.ts";
import { disableUnit, enableUnit, maskUnit, unmaskUnit } from "./units/change-files.ts";
import { reloadUnit, restartUnit, startUnit, stopUnit } from "./units/change-state.ts";
import { failedUnits } from "./units/failed-units.ts";
import { listTimers } from "./units/list-timers.ts";
import { listUnits } from "./units/list-units.ts";
import { unitDependencies } from "./units/unit-dependencies.ts";
import { unitFile } from "./units/unit-file.ts";
import { unitStatus } from "./units/unit-status.ts";

/** Everything that the agent for systemd does. */
export const systemdOperations: readonly AgentOperation<SystemdSetting>[] = [
  unitStatus,
  failedUnits,
  listUnits,
  listTimers,
  unitFile,
  unitDependencies,
  readJournal,
  startUnit,
  stopUnit,
  restartUnit,
  reloadUnit,
  enableUnit,
  disableUnit,
  maskUnit,
  unmaskUnit,
];
