import { isErrorOf, onAbort, sleep, type Clock, type JsonObject } from "op-core";
import {
  JsonRpcError,
  metaKeys,
  requestInputs,
  type InputRequest,
  type InputRequests,
  type InputResponses,
} from "op-protocol";
import type { InputAnswerer, QuestionContext } from "op-protocol/client";
import { AskUnavailableError, CallSuspendedError, type Ask } from "op-tools";
import { QuestionKeys } from "./question-keys.ts";

/** What a request begins with: who answers its questions, and when it ends. */
export interface CallStart extends InputAnswerer {
  readonly signal: AbortSignal;
  /** Whether something was asked: nobody is asked the same twice. */
  readonly hasAsked: boolean;
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
type Turn = { readonly result: JsonObject } | { readonly error: unknown } | "question";

/**
 * A call to an upstream that may ask something meanwhile. It outlives the request that began it: where the client can be
 * asked only by ending the request, the call waits for the one that brings the answer.
 */
export class InteractiveCall implements CallStart, Disposable {
  readonly session: string;
  /** What the upstream's request ends with by itself. */
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  /** What was asked and is not answered, in its order. */
  readonly #open: Question[] = [];
  #keys: QuestionKeys | undefined;
  #isLeft = false;
  /** Why the client could not be asked. */
  #refusal: Error | undefined;
  #giveUp: ((reason: Error) => void) | undefined;
  #turn = Promise.withResolvers<Turn>();
  /** How it ended, for the turn that is waited for then. */
  #ending: Turn | undefined;

  constructor({ session, signal, clock }: Beginning, start: StartCall) {
    this.session = session;
    this.signal = signal;
    this.#clock = clock;
    start(this).then(
      (result) => this.#end({ result }),
      (error: unknown) => this.#end({ error }),
    );
  }

  get hasAsked(): boolean {
    return this.#giveUp !== undefined;
  }

  /** Whether the upstream waits for an answer, and nobody has ended the call. */
  get #isWaiting(): boolean {
    return this.#open.length > 0 && !this.#isLeft;
  }

  /**
   * Resolves with the upstream's result. Rejects with `ERR_CALL_SUSPENDED` where the client has to come back with an
   * answer; the call then goes on waiting, which `park` is told before. Any other way out ends the call.
   */
  follow(follower: Follower, park: () => void): Promise<JsonObject> {
    return follower.signal === this.signal
      ? this.#attend(follower, park)
      : this.#attendUnder(follower, park);
  }

  /** Called for each question of the upstream's. */
  answer(requests: InputRequests, context: QuestionContext): Promise<InputResponses> {
    this.#giveUp = (reason) => context.giveUp(reason);
    return new Promise((resolve, reject) => {
      this.#open.push({ requests, resolve, reject });
      this.#turn.resolve("question");
    });
  }

  [Symbol.dispose](): void {
    this.#leave(new Error("nobody came back with an answer"));
  }

  async #attendUnder(follower: Follower, park: () => void): Promise<JsonObject> {
    using _link = onAbort(follower.signal, (reason) => this.#leave(reason));
    return await this.#attend(follower, park);
  }

  /** Most calls ask nothing, and pay for no more than one step. */
  #attend(follower: Follower, park: () => void): Promise<JsonObject> {
    return this.#turn.promise.then((turn) =>
      turn === "question" ? this.#attendAsking(follower, park) : this.#finish(turn, follower),
    );
  }

  async #attendAsking(follower: Follower, park: () => void): Promise<JsonObject> {
    for (;;) {
      const turn = await this.#turn.promise;
      if (turn !== "question") return this.#finish(turn, follower);
      try {
        await this.#passAll(follower.ask);
      } catch (error) {
        if (isErrorOf(error, CallSuspendedError) || this.#isWaiting) park();
        throw error;
      }
    }
  }

  #finish(ending: Exclude<Turn, "question">, { meta }: Follower): JsonObject {
    if ("error" in ending) throw ending.error;
    const { result } = ending;
    this.#refuseAll("the call is over");
    // Clients of the stateless era are told what they lack, by an error of its own.
    const isLacking = result["isError"] === true && metaKeys.protocolVersion in meta;
    if (isLacking && this.#refusal !== undefined) throw this.#refusal;
    return result;
  }

  /** Nobody who leaves waits until the upstream has noticed it. */
  #leave(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    this.#isLeft = true;
    this.#giveUp?.(error);
    this.#refuseAll(error.message);
    this.#turn.resolve({ error });
  }

  #end(ending: Turn): void {
    this.#ending = ending;
    this.#turn.resolve(ending);
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
        answers[this.#keyFor(key, request)] ?? {},
      ]),
    );
  }

  #publicRequests({ requests }: Question): InputRequests {
    return Object.fromEntries(
      Object.entries(requests).map(([key, request]) => [this.#keyFor(key, request), request]),
    );
  }

  #keyFor(key: string, request: InputRequest): string {
    this.#keys ??= new QuestionKeys();
    return this.#keys.keyFor(key, request);
  }

  #close(question: Question): void {
    const place = this.#open.indexOf(question);
    if (place < 0) return;
    this.#open.splice(place, 1);
    if (this.#open.length > 0) return;
    this.#turn = Promise.withResolvers();
    if (this.#ending !== undefined) this.#turn.resolve(this.#ending);
  }

  /** A question that is left when the call is over was perhaps another call's: it must not wait for ever. */
  #refuseAll(why: string): void {
    if (this.#open.length === 0) return;
    for (const question of this.#open.splice(0)) question.reject(new AskUnavailableError(why));
  }
}
