/** Receipts that came after the form had moved on: told while the car may still stand there. */
import { ref } from 'vue';
import type { Receipt } from '../api/contract';
import type { Finished } from '../form/finish';
import { needsAct } from './measures';

const STILL_THERE_MS = 15 * 60_000;

export interface LateMeasure {
  finished: Finished;
  receipt: Receipt;
}

export const late = ref<LateMeasure[]>([]);

/** Keep it for the officer if somebody in it must not simply drive on, and it is not long past. */
export function noteLate(finished: Finished, receipt: Receipt, now: number): void {
  if (needsAct(receipt) && now - finished.savedAt < STILL_THERE_MS) late.value = [...late.value, { finished, receipt }];
}

export function takeLate(): LateMeasure | null {
  const [first, ...rest] = late.value;
  late.value = rest;
  return first ?? null;
}
