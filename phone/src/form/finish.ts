/** 完成: the phone decides, the record is in the outbox before anything is shown, and the server's word is waited for. */
import { liveQuery } from 'dexie';
import type { Receipt, WirePassage } from '../api/contract';
import { enrolment } from '../device/enrolment';
import { preferences } from '../device/preferences';
import { remember } from '../device/recent';
import { plateKey } from '../identity/plates';
import { toldBy } from '../measures/told';
import { sendAgain } from '../outbox/again';
import { dispatch } from '../outbox/dispatch';
import { addToOutbox, resend } from '../outbox/store';
import { database } from '../storage/database';
import { plain } from '../storage/plain';
import { corrections, withAdded } from './correction';
import { decideAll, withShown, type Decision } from './decision';
import { noteLatest } from './latest';
import { toPassage, type Post } from './passage';
import { rememberTrip } from './prefill';
import { desk } from './session';

export const RECEIPT_PATIENCE_MS = 2_000;

export interface Saved {
  passage: WirePassage;
  /** By person; empty while the phone has no rules to decide by. */
  decisions: Map<string, Decision>;
}

/** Save the car on the desk, new or repaired. Rejects, keeping the form, when storage is full. */
export async function save(now: number): Promise<Saved> {
  const { car, purpose } = plain(desk);
  const isNew = purpose.kind === 'NEW';
  const post = isNew ? thisPost() : postOf(purpose.original);
  const typed = toPassage(car, post, isNew ? new Date(now).toISOString() : purpose.original.occurred_at);
  const decisions = decideAll(typed);
  const passage = withShown(typed, decisions);
  if (isNew) await addToOutbox({ kind: 'PASSAGE', passage }, now, toldBy(decisions));
  else await resend({ kind: 'PASSAGE', passage }, toldBy(decisions));
  noteLatest(passage.id);
  rememberChoices();
  // A convenience for the next time; the record does not wait for it and does not fail with it.
  void rememberTrip(passage, now).catch(() => undefined);
  void dispatch();
  return { passage, decisions };
}

/** Save what was changed in a record that was saved before, and who was added to it. */
export async function saveCorrections(before: WirePassage, reason: string, now: number): Promise<Saved & { changed: number }> {
  const original = plain(before);
  const after = toPassage(plain(desk.car), postOf(original), original.occurred_at);
  const made = corrections(original, after, { reason, officer: preferences.officer, occurredAt: new Date(now).toISOString() });
  const decisions = decideAll(after);
  const added = withAdded(original, withShown(after, decisions));
  if (added) await sendAgain(added, now, toldBy(decisions));
  for (const correction of made) await addToOutbox({ kind: 'CORRECTION', correction }, now);
  void dispatch();
  return { passage: after, decisions, changed: made.length + (added ? added.people.length - original.people.length : 0) };
}

export function thisPost(): Post {
  const { lane, officer, crew } = preferences;
  return { checkpoint: enrolment.value?.checkpoint.code ?? '', lane, officer, crew: [...crew] };
}

function postOf(passage: WirePassage): Post {
  return { checkpoint: passage.checkpoint, lane: passage.lane ?? '', officer: passage.officer ?? '', crew: passage.crew ?? [] };
}

function rememberChoices(): void {
  const { car } = desk;
  remember('purpose', car.purpose);
  remember('platePrefix', plateKey(car.plate).slice(0, 2));
  if (car.transport === 'TRAIN') desk.train = car.trip.number;
  for (const person of car.people) {
    remember('from', person.fromCode);
    remember('to', person.toCode);
    remember('occupation', person.occupation);
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
