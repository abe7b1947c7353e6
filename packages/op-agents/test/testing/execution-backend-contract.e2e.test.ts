import { openNativeBackend } from "../../src/index.ts";
import { describeExecutionBackend } from "../../src/testing/index.ts";

describeExecutionBackend("the native backend", async () => await openNativeBackend());
