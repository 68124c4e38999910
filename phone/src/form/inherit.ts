/** 同上: who travels together mostly shares a telephone, a way and an address. Taken over visibly, changed in one tap. Pure. */
import { hasTrip, type CarDraft, type Inheritable, type PersonDraft } from './draft';

const IN_A_CAR = ['phone', 'fromCode', 'toCode', 'address', 'stays'] as const;
/** Passengers of a coach or a train are strangers to each other. */
const IN_A_SERVICE = ['fromCode', 'toCode'] as const;

/** Fill what is empty from the person before. */
export function inherit(car: CarDraft, person: PersonDraft, before: PersonDraft): void {
  for (const field of hasTrip(car.transport) ? IN_A_SERVICE : IN_A_CAR) {
    if (person[field].length || !before[field].length) continue;
    if (field === 'stays') person.stays = before.stays.map((stay) => ({ ...stay }));
    else person[field] = before[field];
    mark(person, field);
  }
}

/** A child travels with the grown-up entered last. */
export function inheritGuardian(car: CarDraft, child: PersonDraft, isOfAge: (person: PersonDraft) => boolean): void {
  const before = car.people.slice(0, car.people.indexOf(child)).reverse();
  const guardian = before.find(isOfAge);
  if (child.guardianId || !guardian) return;
  child.guardianId = guardian.id;
  mark(child, 'guardianId');
}

export function mark(person: PersonDraft, field: Inheritable): void {
  if (!person.inherited.includes(field)) person.inherited.push(field);
}

/** Somebody touched it: from here on it is this person's own. */
export function own(person: PersonDraft, field: Inheritable): void {
  person.inherited = person.inherited.filter((one) => one !== field);
}
