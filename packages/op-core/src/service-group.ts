import { abortable, isAbortOf, startDeadline } from "./abort.ts";
import { systemClock, type Clock } from "./clock.ts";
import { ServiceCloseError, ServiceOpenError, type ServiceCloseFailure } from "./core-error.ts";
import { silentLogger, type Logger } from "./logger.ts";

/** What opening services takes. */
export interface ServiceGroupOptions {
  /** Ends the opening. Once everything is open it has no part in the group any more: dispose the group to end it. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** How long closing everything may take; 10 seconds unless told. */
  readonly drainMs?: number;
}

/** What a service and a background loop are given. */
export interface ServiceContext {
  readonly signal: AbortSignal;
}

/** Opens the services of a group, and starts the work that goes on beside them. */
export interface ServiceOpener {
  /**
   * Opens a service and makes the group its owner. A failure rejects with `ERR_SERVICE_OPEN`, which names the service
   * and has its error as the cause.
   */
  readonly open: <S extends AsyncDisposable>(
    name: string,
    open: (context: ServiceContext) => Promise<S>,
  ) => Promise<S>;
  /**
   * Starts work that goes on until it is done or the group closes, which aborts its signal and waits for it. Its failure
   * is logged. A group that is closing starts nothing.
   */
  readonly runInBackground: (
    name: string,
    work: (context: ServiceContext) => Promise<void>,
  ) => void;
}

/** Services that are open, and that are closed in reverse when the group is disposed. */
export interface ServiceGroup<Services> extends AsyncDisposable {
  readonly services: Services;
  readonly runInBackground: ServiceOpener["runInBackground"];
}

/**
 * Opens services one after another and returns the group that owns them:
 *
 *     await using group = await openServices(async ({ open }) => {
 *       const store = await open("store", ({ signal }) => openStore({ signal }));
 *       const api = await open("api", ({ signal }) => openApi({ store, signal }));
 *       return { store, api };
 *     }, { signal });
 *
 * If one fails, those before it are closed in reverse, and the error is thrown on.
 *
 * Disposing the group closes everything in reverse, background work included, within `drainMs`. Each has half of the
 * time that is left, and the last one all of it: one that hangs is given up, and never costs those beneath it their
 * turn. Every failure is logged, and then thrown as one `ERR_SERVICE_CLOSE`. Disposing twice closes once.
 */
export async function openServices<Services>(
  compose: (opener: ServiceOpener) => Promise<Services>,
  options: ServiceGroupOptions,
): Promise<ServiceGroup<Services>> {
  const members = createMembers(options);
  try {
    const services = await compose(members);
    options.signal.throwIfAborted();
    return {
      services,
      runInBackground: members.runInBackground,
      [Symbol.asyncDispose]: async () => {
        const failures = await members.close();
        if (failures.length > 0) throw new ServiceCloseError(failures);
      },
    };
  } catch (error) {
    await members.close();
    throw error;
  }
}

/** A service or a background loop. */
interface Member {
  readonly name: string;
  readonly close: () => Promise<void>;
}

interface Members extends ServiceOpener {
  /** Closes every member, and tells what went wrong; a second call joins the first. */
  readonly close: () => Promise<readonly ServiceCloseFailure[]>;
}

function createMembers(options: ServiceGroupOptions): Members {
  const { signal, clock = systemClock, logger = silentLogger, drainMs = 10_000 } = options;
  const members = new Set<Member>();
  let closing: Promise<readonly ServiceCloseFailure[]> | undefined;

  return {
    open: async (name, open) => {
      signal.throwIfAborted();
      if (closing !== undefined) throw new ServiceOpenError(name, "The group is closing.");
      const opening = Promise.try(open, { signal });
      // It is a member before it is open, so that it does not leak when another one fails meanwhile.
      members.add({ name, close: () => closeOnceOpen(opening) });
      try {
        return await opening;
      } catch (error) {
        throw isAbortOf(error, signal) ? error : new ServiceOpenError(name, error);
      }
    },
    runInBackground: (name, work) => {
      if (closing !== undefined) return;
      const controller = new AbortController();
      const done = runLoop(work, controller.signal, logger.child({ name }));
      const member: Member = {
        name,
        close: () => {
          controller.abort();
          return done;
        },
      };
      members.add(member);
      void done.finally(() => members.delete(member));
    },
    close: () =>
      // One turn later, so that a service that disposes the group while it is closed joins as well.
      (closing ??= Promise.resolve().then(() =>
        closeInReverse([...members], { clock, logger, drainMs }),
      )),
  };
}

async function closeOnceOpen(opening: Promise<AsyncDisposable>): Promise<void> {
  const [opened] = await Promise.allSettled([opening]);
  if (opened.status === "fulfilled") await opened.value[Symbol.asyncDispose]();
}

async function runLoop(
  work: (context: ServiceContext) => Promise<void>,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  try {
    await work({ signal });
  } catch (error) {
    if (!isAbortOf(error, signal)) logger.error("Background work failed.", { error });
  }
}

async function closeInReverse(
  members: readonly Member[],
  { clock, logger, drainMs }: Required<Omit<ServiceGroupOptions, "signal">>,
): Promise<readonly ServiceCloseFailure[]> {
  const failures: ServiceCloseFailure[] = [];
  const endMs = clock.monotonic() + drainMs;
  for (const [index, member] of [...members.entries()].toReversed()) {
    const leftMs = Math.max(0, endMs - clock.monotonic());
    try {
      using deadline = startDeadline({
        what: `Closing ${member.name}`,
        ms: index === 0 ? leftMs : leftMs / 2,
        clock,
      });
      await abortable(Promise.try(member.close), deadline.signal);
    } catch (error) {
      logger.error("A service did not close.", { name: member.name, error });
      failures.push({ name: member.name, error });
    }
  }
  return failures;
}
