/** 完成: the record is in the outbox before anything is shown; then the server has two seconds to say what to do. */
import { liveQuery } from 'dexie';
import type { Receipt, WirePassage } from '../api/contract';
import { enrolment } from '../device/enrolment';
import { preferences } from '../device/preferences';
import { remember } from '../device/recent';
import { dispatch } from '../outbox/dispatch';
import { addToOutbox, resend } from '../outbox/store';
import { database } from '../storage/database';
import { plain } from '../storage/plain';
import { corrections } from './correction';
import { toPassage, type Post } from './passage';
import { desk } from './session';

export const RECEIPT_PATIENCE_MS = 2_000;

/** Save the car on the desk, new or repaired. Rejects, keeping the form, when storage is full. */
export async function save(now: number): Promise<WirePassage> {
  const { car, purpose } = plain(desk);
  rememberChoices();
  if (purpose.kind === 'NEW') {
    const passage = toPassage(car, thisPost(), new Date(now).toISOString());
    await addToOutbox({ kind: 'PASSAGE', passage }, now);
    void dispatch();
    return passage;
  }
  const passage = toPassage(car, postOf(purpose.original), purpose.original.occurred_at);
  await resend({ kind: 'PASSAGE', passage });
  void dispatch();
  return passage;
}

/** Save what the officer changed in a record the server has; the number of records changed. */
export async function saveCorrections(before: WirePassage, reason: string, now: number): Promise<number> {
  const original = plain(before);
  const after = toPassage(plain(desk.car), postOf(original), original.occurred_at);
  const made = corrections(original, after, { reason, officer: preferences.officer, occurredAt: new Date(now).toISOString() });
  for (const correction of made) await addToOutbox({ kind: 'CORRECTION', correction }, now);
  void dispatch();
  return made.length;
}

function thisPost(): Post {
  return { checkpoint: enrolment.value?.checkpoint.code ?? '', lane: preferences.lane, officer: preferences.officer };
}

function postOf(passage: WirePassage): Post {
  return { checkpoint: passage.checkpoint, lane: passage.lane ?? '', officer: passage.officer ?? '' };
}

function rememberChoices(): void {
  const { car } = desk;
  remember('purpose', car.purpose);
  for (const person of car.people) {
    remember('from', person.fromCode);
    remember('to', person.toCode);
    if (person.documentType === 'RESIDENT_ID') remember('idPrefix', person.documentNumber.slice(0, 4));
  }
}

/** The record's receipt if it comes within the officer's patience, else null. Whichever tab sends it. */
export function receiptOf(id: string, patienceMs: number): Promise<Receipt | null> {
  return new Promise((resolve) => {
    const settled = liveQuery(() => database.outbox.get(id)).subscribe((entry) => {
      if (entry?.receipt && entry.state !== 'UNSENT') finish(entry.receipt);
    });
    const timer = setTimeout(() => finish(null), patienceMs);
    function finish(receipt: Receipt | null): void {
      clearTimeout(timer);
      queueMicrotask(() => settled.unsubscribe());
      resolve(receipt);
    }
  });
}
