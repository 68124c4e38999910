/** 上次: the trip a plate or a person made within the last day, and what one tap makes of it. */
import { ref, watch, type Ref } from 'vue';
import { startOfShanghaiDay, shanghaiHour } from '../clock/shanghai';
import { preferences } from '../device/preferences';
import { emptyPerson, peopleOf, type CarDraft, type PersonDraft } from './draft';
import { mark } from './inherit';
import type { LastPerson, LastTrip } from './prefill';

export type DayPart = 'MORNING' | 'AFTERNOON' | 'EVENING' | 'YESTERDAY';

/** 今早, 今天下午, 今晚 or 昨天. Pure. */
export function dayPart(at: number, now: number): DayPart {
  if (at < startOfShanghaiDay(now)) return 'YESTERDAY';
  const hour = shanghaiHour(at);
  if (hour < 12) return 'MORNING';
  return hour < 18 ? 'AFTERNOON' : 'EVENING';
}

/** The answer to the question asked last: an older one that comes later is dropped. */
export function useLastTrip(question: () => string, ask: (question: string) => Promise<LastTrip | null>): Ref<LastTrip | null> {
  const found = ref<LastTrip | null>(null);
  watch(
    question,
    async (now) => {
      found.value = null;
      const trip = now ? await ask(now).catch(() => null) : null;
      if (question() === now) found.value = trip;
    },
    { immediate: true },
  );
  return found;
}

/** A car with the same people, nameless: purpose, transport, ways and kinds of documents are there. Pure. */
export function fillCar(car: CarDraft, trip: LastTrip): void {
  car.transport = trip.transport;
  car.purpose ||= trip.purpose;
  const known = peopleOf(car);
  const added = trip.people.slice(known.length).map(expected);
  car.people = [...known, ...added];
  if (!car.people.length) car.people = [emptyPerson(preferences.temperatureSite)];
  car.current = Math.min(known.length, car.people.length - 1);
}

/** One person's way, as the last time. Pure. */
export function fillWay(person: PersonDraft, last: LastPerson): void {
  for (const field of ['fromCode', 'toCode'] as const) {
    if (!last[field]) continue;
    person[field] = last[field];
    mark(person, field);
  }
}

function expected(last: LastPerson): PersonDraft {
  const person = emptyPerson(preferences.temperatureSite);
  fillWay(person, last);
  return { ...person, documentType: last.documentType, isExpected: true };
}
