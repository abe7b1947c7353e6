import type { JsonValue } from "op-core";
import { isSecretName } from "../schema/describe-value.ts";
import type { Question } from "../tool/ask.ts";
import type { PendingApproval } from "./pending-approval.ts";

const longestValue = 400;
const mostArguments = 20;
const mostDetails = 100;

/** What would let text show itself as something else: controls, marks that turn its direction, and invisible signs. */
const deceptive = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** Asks whether a call may be made, in words that text from the call cannot disguise. */
export function approvalQuestion({ call, effect, key }: PendingApproval): Question {
  const { tool, args } = call;
  const summary = plain(effect.summary);
  const entries = Object.entries(args);
  const rest = entries.length - mostArguments;
  const details = effect.details ?? [];
  const moreDetails = details.length - mostDetails;
  const lines = [
    `May the tool ${JSON.stringify(plain(tool.name))} of ${JSON.stringify(plain(tool.source))} run? Its risk: ${effect.risk}.`,
    ...(summary === "" || summary === plain(tool.title ?? tool.name)
      ? []
      : [`It would: ${summary}`]),
    ...details.slice(0, mostDetails).map((line) => `| ${indentOf(line)}${plain(line.trim())}`),
    ...(moreDetails > 0 ? [`| … and ${moreDetails} more lines`] : []),
    ...entries
      .slice(0, mostArguments)
      .map(([name, value]) => `${plain(name)}: ${shown(name, value)}`),
    ...(rest > 0 ? [`… and ${rest} more arguments`] : []),
  ];
  return {
    // An answer to this question is none to a call with another effect.
    key: `approval-${key.slice(0, 16)}`,
    message: lines.join("\n"),
    schema: { type: "object", properties: {} },
  };
}

function shown(name: string, value: JsonValue): string {
  return isSecretName(name) ? "(not shown)" : plain(JSON.stringify(value, maskSecrets));
}

function maskSecrets(name: string, value: unknown): unknown {
  return isSecretName(name) ? "(not shown)" : value;
}

/** What belongs to the line above stands further in. */
function indentOf(line: string): string {
  return /^ {0,16}/u.exec(line)?.[0] ?? "";
}

/** Text on one line, without what deceives, and cut where it gets long. */
function plain(text: string): string {
  const clean = text.replace(deceptive, " ");
  if (clean.length <= longestValue) return clean;
  return `${clean.slice(0, longestValue)}… (${clean.length - longestValue} more characters)`;
}
