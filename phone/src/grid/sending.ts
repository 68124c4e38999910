/** The worker's outbox, emptied by the officer's courier. Every answer travels under the token it was given under, as long as the server takes it. */
import { Courier, type Step } from '../outbox/courier';
import { Emptying } from '../outbox/emptying';
import { newLink } from '../outbox/link';
import { forgetSettled, rows, setAside, settle, type AnswerRow } from './answers';
import { learnTime, serverNow } from './clock';
import type { AnswersAnswer } from './contract';
import { forgetFormer, noteRefused, readPhone, tokenFor } from './phones';
import { readReceipts } from './receipts';
import { postAnswers } from './requests';

/** More than a worker writes in a week. */
const LOOKED_AT = 2_000;

export const link = newLink();
let afterDrained: () => void = () => undefined;

/** The oldest that a token is there for, with all that travel under the same; without any, the oldest. */
async function next(limit: number, now: number): Promise<AnswerRow[]> {
  const waiting = await rows.nextUnsent(LOOKED_AT, now);
  const tokens = new Map<string, string | null>();
  for (const { phone } of waiting) if (!tokens.has(phone)) tokens.set(phone, await tokenFor(phone));
  const first = waiting.map(({ phone }) => tokens.get(phone)).find(Boolean);
  const together = first ? waiting.filter(({ phone }) => tokens.get(phone) === first) : waiting;
  return together.slice(0, limit);
}

async function post(token: string, batch: AnswerRow[]) {
  const askedAt = Date.now();
  const reply = await postAnswers(token, batch.map(({ item }) => item!));
  if (reply.kind === 'OK' && reply.body.server_time) await learnTime(reply.body.server_time, askedAt, Date.now());
  return reply;
}

async function settled(batch: AnswerRow[], answer: AnswersAnswer): Promise<number> {
  const verdicts = readReceipts(batch, answer);
  const at = Date.parse(answer.server_time);
  if (verdicts.length) await settle(verdicts, Number.isNaN(at) ? serverNow() : at);
  return verdicts.length;
}

export const courier = new Courier<AnswerRow, AnswersAnswer>({
  next,
  nextRetryAt: () => rows.nextRetryAt(),
  token: (batch) => tokenFor(batch[0]!.phone),
  post,
  settle: settled,
  setAside,
  postpone: (row, until) => rows.postpone(row, until),
  now: Date.now,
  random: Math.random,
});

async function nextToken(): Promise<string | null> {
  const [first] = await next(1, Date.now());
  return first ? tokenFor(first.phone) : ((await readPhone())?.token ?? null);
}

/** Another token may deliver the same: look at once. */
async function refused({ kind, token }: Extract<Step, { token: string }>): Promise<void> {
  await noteRefused(token, kind);
  setTimeout(() => void dispatch(), 0);
}

const emptying = new Emptying({
  lock: 'lianfang-grid-outbox',
  link,
  step: () => courier.step(),
  token: nextToken,
  onRefused: refused,
  tidy: async (now) => {
    await forgetSettled(serverNow(now));
    await forgetFormer();
  },
  forgetPauses: () => rows.forgetPauses(),
  onDrained: () => afterDrained(),
});

export const dispatch = (): Promise<void> => emptying.dispatch();
export const sendNow = (): Promise<void> => emptying.sendNow();
export const reopen = (): Promise<void> => emptying.reopen();
export const sendOnEvents = (): void => emptying.onEvents();

export function onDrained(act: () => void): void {
  afterDrained = act;
}
