/** Reading the server's answer: an answer leaves "waiting" only with its own receipt. Pure. */
import type { ReceiptStatus } from '../api/contract';
import type { AnswerReceipt, AnswersAnswer } from './contract';

export interface Verdict {
  id: string;
  state: 'ACKNOWLEDGED' | 'CONFLICT' | 'SET_ASIDE';
  receipt: AnswerReceipt;
}

const VERDICTS: Record<ReceiptStatus, Verdict['state']> = {
  ACCEPTED: 'ACKNOWLEDGED',
  DUPLICATE: 'ACKNOWLEDGED',
  CONFLICT: 'CONFLICT',
  SET_ASIDE: 'SET_ASIDE',
};

/** One verdict for each that got its own receipt, by place and id. An answer of another length is nobody's. */
export function readReceipts(sent: { id: string }[], answer: unknown): Verdict[] {
  const receipts = (answer as Partial<AnswersAnswer> | null)?.receipts;
  if (!Array.isArray(receipts) || receipts.length !== sent.length) return [];
  return sent.flatMap(({ id }, place) => {
    const receipt: AnswerReceipt | null = receipts[place] ?? null;
    const state = receipt?.id === id && Object.hasOwn(VERDICTS, receipt.status) ? VERDICTS[receipt.status] : null;
    return state && receipt ? [{ id, state, receipt }] : [];
  });
}
