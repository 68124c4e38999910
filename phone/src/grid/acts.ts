/** What the buttons do: write the answer, then try to send it. */
import { ref } from 'vue';
import { answer, type Said } from './answers';
import type { Answer, DoorPerson, Occupancy, StayState } from './contract';
import { dispatch } from './sending';

const WRITTEN_MS = 40;

/** The phone could not write the last answer down. */
export const notSaved = ref(false);

/** False when nothing was written: the button says so, and nothing else changes. */
export async function write(said: Said[]): Promise<boolean> {
  try {
    await answer(said, Date.now());
    notSaved.value = false;
  } catch {
    notSaved.value = true;
    return false;
  }
  // Felt through a glove: it is written down.
  navigator.vibrate?.(WRITTEN_MS);
  void dispatch();
  return true;
}

export interface Whereabouts {
  destination?: string;
  address?: string;
  note?: string;
}

export function say(people: DoorPerson[], said: Answer | 'ACCEPTED', where: Whereabouts = {}): Promise<boolean> {
  const told = Object.fromEntries(Object.entries(where).filter(([, text]) => text));
  return write(people.map(({ referral }) => ({ kind: 'REFERRAL' as const, referral, answer: said, ...told })));
}

export function verified(household: string): Promise<boolean> {
  return write([{ kind: 'HOUSEHOLD', household, act: 'VERIFIED' }]);
}

export function livedIn(household: string, occupancy: Occupancy): Promise<boolean> {
  return write([{ kind: 'HOUSEHOLD', household, act: 'OCCUPANCY', occupancy }]);
}

export function stays(household: string, person: string, state: StayState): Promise<boolean> {
  return write([{ kind: 'STAY', household, person, state }]);
}
