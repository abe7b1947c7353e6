import { isErrorOf, onAbort, sleep, type Clock, type JsonObject } from "op-core";
import {
  JsonRpcError,
  metaKeys,
  requestInputs,
  type InputRequests,
  type InputResponses,
} from "op-protocol";
import type { InputAnswerer } from "op-protocol/client";
import { AskUnavailableError, CallSuspendedError, type Ask } from "op-tools";
import { QuestionKeys } from "./question-keys.ts";

/** What a request begins with: where its questions go, and when it ends. */
export interface CallStart {
  readonly input: InputAnswerer;
  readonly signal: AbortSignal;
  /** Whether something was asked: nobody is asked the same twice. */
  readonly hasAsked: () => boolean;
}

/** Begins a request. */
export type StartCall = (start: CallStart) => Promise<JsonObject>;

/** Who waits for a call, this time. */
export interface Follower {
  readonly ask: Ask;
  readonly signal: AbortSignal;
  readonly meta: JsonObject;
}

/** What a call begins with. */
interface Beginning {
  readonly session: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** How long a client that is about to be asked waits for what is asked in the same breath. */
const breathMs = 20;

interface Question {
  readonly requests: InputRequests;
  resolve(answers: InputResponses): void;
  reject(error: unknown): void;
}

/** How the call came on: it is over, or there is something to ask. */
interface Turn {
  readonly result?: JsonObject;
}

/**
 * A call to an upstream that may ask something meanwhile. It outlives the request that began it: where the client can be
 * asked only by ending the request, the call waits for the one that brings the answer.
 */
export class InteractiveCall implements Disposable {
  /** What was asked and is not answered, in its order. */
  readonly #open: Question[] = [];
  /** The signal that the upstream's request ends with by itself. */
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #keys = new QuestionKeys();
  #isLeft = false;
  /** Why the client could not be asked. */
  #refusal: Error | undefined;
  #giveUp: ((reason: Error) => void) | undefined;
  #turn = Promise.withResolvers<Turn>();
  /** How it ended, for the turn that is waited for then. */
  #settle: ((turn: PromiseWithResolvers<Turn>) => void) | undefined;

  constructor({ session, signal, clock }: Beginning, start: StartCall) {
    this.#signal = signal;
    this.#clock = clock;
    const input: InputAnswerer = {
      session,
      answer: (requests, context) => {
        this.#giveUp = (reason) => context.giveUp(reason);
        return this.#askLater(requests);
      },
    };
    start({ input, signal, hasAsked: () => this.#giveUp !== undefined }).then(
      (result) => this.#end((turn) => turn.resolve({ result })),
      (error: unknown) => this.#end((turn) => rejectQuietly(turn, error)),
    );
  }

  /** Whether the upstream waits for an answer, and nobody has ended the call. */
  get isWaiting(): boolean {
    return this.#open.length > 0 && !this.#isLeft;
  }

  /**
   * Resolves with the upstream's result. Rejects with `ERR_CALL_SUSPENDED` where the client has to come back with an
   * answer; the call then goes on waiting. Any other way out ends the call.
   */
  async follow(follower: Follower): Promise<JsonObject> {
    const { signal } = follower;
    if (signal === this.#signal) return await this.#attend(follower);
    using _link = onAbort(signal, (reason) => this.#leave(reason));
    return await this.#attend(follower);
  }

  [Symbol.dispose](): void {
    this.#leave(new Error("nobody came back with an answer"));
  }

  async #attend(follower: Follower): Promise<JsonObject> {
    for (;;) {
      const { result } = await this.#turn.promise;
      if (result !== undefined) {
        this.#refuseAll("the call is over");
        // Clients of the stateless era are told what they lack, by an error of its own.
        const isLacking = result["isError"] === true && metaKeys.protocolVersion in follower.meta;
        if (isLacking && this.#refusal !== undefined) throw this.#refusal;
        return result;
      }
      await this.#passAll(follower.ask);
    }
  }

  /** Nobody who leaves waits until the upstream has noticed it. */
  #leave(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    this.#isLeft = true;
    this.#giveUp?.(error);
    this.#refuseAll(error.message);
    rejectQuietly(this.#turn, error);
  }

  #end(settle: (turn: PromiseWithResolvers<Turn>) => void): void {
    this.#settle = settle;
    settle(this.#turn);
  }

  #askLater(requests: InputRequests): Promise<InputResponses> {
    return new Promise((resolve, reject) => {
      this.#open.push({ requests, resolve, reject });
      this.#turn.resolve({});
    });
  }

  /**
   * Passes on all that is asked. A client that can be asked only by ending the request is asked everything at once:
   * what a server asks in one breath comes in several messages.
   */
  async #passAll(ask: Ask): Promise<void> {
    const first = await this.#passEach([...this.#open], ask);
    if (first.length === 0) return;
    await sleep(breathMs, { clock: this.#clock });
    const later = this.#open.filter((question) => !first.includes(question));
    const waiting = [...first, ...(await this.#passEach(later, ask))];
    const requests = waiting.flatMap((question) => Object.entries(this.#publicRequests(question)));
    await requestInputs(ask, Object.fromEntries(requests));
  }

  /** Passes on questions, and says which of them the client has to come back for. */
  async #passEach(questions: readonly Question[], ask: Ask): Promise<readonly Question[]> {
    const passed = await Promise.all(
      questions.map(async (question) => ((await this.#pass(question, ask)) ? [] : [question])),
    );
    return passed.flat();
  }

  /** Passes on one question; whether it is over. */
  async #pass(question: Question, ask: Ask): Promise<boolean> {
    try {
      const answers = await this.#answer(question, ask);
      this.#close(question);
      question.resolve(answers);
      return true;
    } catch (error) {
      if (isErrorOf(error, CallSuspendedError)) return false;
      // An error of the request that brings the answer is none of the upstream's.
      if (error instanceof JsonRpcError) throw error;
      if (isErrorOf(error, AskUnavailableError)) this.#refusal = error;
      this.#close(question);
      question.reject(error);
      return true;
    }
  }

  async #answer(question: Question, ask: Ask): Promise<InputResponses> {
    const answers = await requestInputs(ask, this.#publicRequests(question));
    const { requests } = question;
    return Object.fromEntries(
      Object.entries(requests).map(([key, request]) => [
        key,
        answers[this.#keys.keyFor(key, request)] ?? {},
      ]),
    );
  }

  #publicRequests({ requests }: Question): InputRequests {
    return Object.fromEntries(
      Object.entries(requests).map(([key, request]) => [this.#keys.keyFor(key, request), request]),
    );
  }

  #close(question: Question): void {
    const place = this.#open.indexOf(question);
    if (place < 0) return;
    this.#open.splice(place, 1);
    if (this.#open.length > 0) return;
    this.#turn = Promise.withResolvers();
    this.#settle?.(this.#turn);
  }

  /** A question that is left when the call is over was perhaps another call's: it must not wait for ever. */
  #refuseAll(why: string): void {
    if (this.#open.length === 0) return;
    for (const question of this.#open.splice(0)) question.reject(new AskUnavailableError(why));
  }
}

/** Who follows a call learns of its failure; one that nobody follows any more has failed for nobody. */
function rejectQuietly({ promise, reject }: PromiseWithResolvers<Turn>, error: unknown): void {
  promise.catch(() => undefined);
  reject(error);
}
