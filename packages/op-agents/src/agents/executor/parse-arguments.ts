import type { CommandRule } from "./command-rule.ts";
import { quote } from "../text/quote.ts";
import { refusal } from "./refusal.ts";

/** The arguments of a command, told apart. */
export interface ParsedArguments {
  /** Options as they were written, with their values. */
  readonly options: readonly string[];
  readonly operands: readonly string[];
  /** The values of `-e` and `--regexp`. */
  readonly patterns: readonly string[];
}

/** Tells options from operands and refuses every option that the rule does not list, letter for letter. */
export function parseArguments(
  name: string,
  rule: CommandRule,
  args: readonly string[],
): ParsedArguments {
  const rest = [...args];
  const options: string[] = [];
  const operands: string[] = [];
  const patterns: string[] = [];

  const takeValue = (option: string, attached: string | undefined) => {
    const value = attached ?? rest.shift();
    if (value === undefined) throw refusal(`${name} ${option}`, "the option has no value");
    if (rule.values.get(option)?.test(value) !== true) {
      throw refusal(`${name} ${option}`, `${quote(value)} is no value that it may have`);
    }
    if (option === "-e" || option === "--regexp") patterns.push(value);
    return attached === undefined ? [value] : [];
  };
  const takeLong = (argument: string) => {
    const at = argument.indexOf("=");
    const option = at === -1 ? argument : argument.slice(0, at);
    if (!rule.values.has(option)) throw unknown(name, argument, rule);
    return [argument, ...takeValue(option, at === -1 ? undefined : argument.slice(at + 1))];
  };
  const takeLetters = (argument: string) => {
    const letters = Array.from(argument.slice(1));
    for (const [at, letter] of letters.entries()) {
      const option = `-${letter}`;
      if (rule.flags.has(option)) continue;
      if (!rule.values.has(option)) throw unknown(name, argument, rule);
      const attached = letters.slice(at + 1).join("");
      return [argument, ...takeValue(option, attached === "" ? undefined : attached)];
    }
    return [argument];
  };

  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--") operands.push(...rest.splice(0));
    else if (rule.flags.has(argument)) options.push(argument);
    else if (!argument.startsWith("-") || argument === "-") operands.push(argument);
    else if (rule.hasDashNumber && /^-\d{1,6}$/u.test(argument)) options.push(argument);
    else options.push(...(argument.startsWith("--") ? takeLong(argument) : takeLetters(argument)));
  }
  return { options, operands, patterns };
}

function unknown(name: string, argument: string, rule: CommandRule): Error {
  const known = [...rule.flags, ...rule.values.keys()].join(" ");
  const advice =
    known === "" ? `${name} may be run without options only.` : `${name} may have: ${known}.`;
  return refusal(`${name} ${argument}`, "the option is not allowed", advice);
}
