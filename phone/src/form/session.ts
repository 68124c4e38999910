/** The car on the screen. It outlives a reload or a phone call (this tab's own storage), not the tab. */
import { computed, reactive, ref, watch } from 'vue';
import type { WirePassage } from '../api/contract';
import { preferences } from '../device/preferences';
import { emptyCar, emptyPerson, isBlankCar, isBlankPerson, peopleOf, type CarDraft, type PersonDraft } from './draft';
import { inherit } from './inherit';
import { toDraft } from './reopen';

/** NEW: a car at the barrier. REPAIR: a record set aside, sent again under its id. CORRECT: one that was saved before. */
export type Purpose = { kind: 'NEW' } | { kind: 'REPAIR' | 'CORRECT'; original: WirePassage };

interface Desk {
  car: CarDraft;
  purpose: Purpose;
  /** The train whose passengers are being registered: it stays from party to party. */
  train: string;
  /** The car that was being typed when an earlier one was opened: it comes back afterwards. */
  parked: CarDraft | null;
}

const KEY = 'lianfang-car';
const KEEP_AFTER_MS = 200;

export const desk = reactive<Desk>({ car: emptyCar(preferences), purpose: { kind: 'NEW' }, train: '', parked: null });
/** The car before the last act that threw something away; one tap brings it back. */
export const undoable = ref<string | null>(null);

export const person = computed<PersonDraft>(() => desk.car.people[desk.car.current] ?? desk.car.people[0]!);
export const counted = computed(() => peopleOf(desk.car));
export const isEmpty = computed(() => isBlankCar(desk.car));

export function loadDesk(): void {
  const kept = sessionStorage.getItem(KEY);
  if (kept) restore(JSON.parse(kept) as Partial<Desk>);
  else newCar();
  keepWhileTyping();
}

/** What an older version of this program kept may lack fields. */
function restore(kept: Partial<Desk>): void {
  const blank = emptyCar(preferences);
  const people = (kept.car?.people ?? []).map((one) => ({ ...emptyPerson(preferences.temperatureSite), ...one }));
  Object.assign(desk, kept, { car: { ...blank, ...kept.car, people: people.length ? people : blank.people } });
}

/** A little after the last key: writing forty people down at every key would make the keys slow. */
function keepWhileTyping(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => sessionStorage.setItem(KEY, JSON.stringify(desk));
  watch(
    desk,
    () => {
      clearTimeout(timer);
      timer = setTimeout(keep, KEEP_AFTER_MS);
    },
    { deep: true },
  );
  addEventListener('pagehide', keep);
}

/** An empty form, or the car that an earlier one had pushed aside. */
export function newCar(): void {
  undoable.value = null;
  const car = desk.parked ?? emptyCar({ ...preferences, train: desk.train });
  Object.assign(desk, { car, purpose: { kind: 'NEW' }, parked: null });
}

export function openRecord(kind: 'REPAIR' | 'CORRECT', original: WirePassage): void {
  undoable.value = null;
  const parked = desk.purpose.kind === 'NEW' && !isEmpty.value ? desk.car : desk.parked;
  Object.assign(desk, { car: toDraft(original), purpose: { kind, original }, parked });
}

/** The next person gets the form, with what people of one car share; a form nobody touched is used again. */
export function nextPerson(): void {
  const { car } = desk;
  const before = person.value;
  forgetBlanks(before.id);
  const blank = [...car.people.slice(car.current), ...car.people].find((one) => isBlankPerson(one));
  if (!blank) car.people.push(emptyPerson(preferences.temperatureSite));
  showPerson(blank ?? car.people.at(-1)!, before);
}

export function editPerson(id: string): void {
  const before = person.value;
  forgetBlanks(id);
  showPerson(desk.car.people.find((one) => one.id === id)!, before);
}

function showPerson(next: PersonDraft, before: PersonDraft): void {
  const { car } = desk;
  if (isBlankPerson(next) && !isBlankPerson(before)) inherit(car, next, before);
  car.current = car.people.findIndex((one) => one.id === next.id);
}

/** Forms that were opened and left empty go; people of the last time keep their line. */
function forgetBlanks(exceptId: string): void {
  const { car } = desk;
  const shownId = person.value.id;
  car.people = car.people.filter((one) => !isBlankPerson(one) || one.isExpected || one.id === exceptId);
  car.current = Math.max(0, car.people.findIndex((one) => one.id === shownId));
}

export function removePerson(): void {
  keepForUndo();
  const { car } = desk;
  car.people.splice(car.current, 1);
  if (!car.people.length) car.people.push(emptyPerson(preferences.temperatureSite));
  car.current = car.people.length - 1;
}

export function clearCar(): void {
  keepForUndo();
  const kept = undoable.value;
  newCar();
  undoable.value = kept;
}

export function undo(): void {
  if (!undoable.value) return;
  Object.assign(desk, JSON.parse(undoable.value) as Desk);
  undoable.value = null;
}

function keepForUndo(): void {
  undoable.value = JSON.stringify(desk);
}
