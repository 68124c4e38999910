/** The car on the screen. It outlives a reload or a phone call (this tab's own storage), not the tab. */
import { computed, reactive, ref, watch } from 'vue';
import type { WirePassage } from '../api/contract';
import { preferences } from '../device/preferences';
import { emptyCar, emptyPerson, isBlankCar, isBlankPerson, peopleOf, type CarDraft, type PersonDraft } from './draft';
import { toDraft } from './reopen';

/** NEW: a car at the barrier. REPAIR: a record set aside, sent again under its id. CORRECT: one the server has. */
export type Purpose = { kind: 'NEW' } | { kind: 'REPAIR' | 'CORRECT'; original: WirePassage };

interface Desk {
  car: CarDraft;
  purpose: Purpose;
}

const KEY = 'lianfang-car';

export const desk = reactive<Desk>({ car: emptyCar(preferences), purpose: { kind: 'NEW' } });
/** The car before the last act that threw something away; one tap brings it back. */
export const undoable = ref<string | null>(null);

export const person = computed<PersonDraft>(() => desk.car.people[desk.car.current] ?? desk.car.people[0]!);
export const counted = computed(() => peopleOf(desk.car));
export const isEmpty = computed(() => isBlankCar(desk.car));

export function loadDesk(): void {
  const kept = sessionStorage.getItem(KEY);
  if (kept) Object.assign(desk, JSON.parse(kept) as Desk);
  else newCar();
  watch(desk, () => sessionStorage.setItem(KEY, JSON.stringify(desk)));
}

export function newCar(): void {
  undoable.value = null;
  Object.assign(desk, { car: emptyCar(preferences), purpose: { kind: 'NEW' } });
}

export function openRecord(kind: 'REPAIR' | 'CORRECT', original: WirePassage): void {
  undoable.value = null;
  Object.assign(desk, { car: toDraft(original), purpose: { kind, original } });
}

/** The next person gets the form; a form nobody touched is used again. */
export function nextPerson(): void {
  const { car } = desk;
  car.people = car.people.filter((one) => !isBlankPerson(one) || one.id === person.value.id);
  const blank = car.people.findIndex((one) => isBlankPerson(one));
  if (blank < 0) car.people.push(emptyPerson(preferences.temperatureSite));
  car.current = blank < 0 ? car.people.length - 1 : blank;
}

export function editPerson(id: string): void {
  const { car } = desk;
  car.people = car.people.filter((one) => !isBlankPerson(one) || one.id === id);
  car.current = car.people.findIndex((one) => one.id === id);
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
