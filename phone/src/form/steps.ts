/** The order in which one person is asked, and what is already answered. Pure. */
import { isSettled, type Asked } from '../questions/asked';
import { isTransit, type CarDraft, type PersonDraft } from './draft';

export const STEPS = ['name', 'document', 'phone', 'occupation', 'from', 'to', 'address', 'stays', 'temperature', 'questions', 'health'] as const;
export type Step = (typeof STEPS)[number];

/** `asked` is what the rules in force ask besides. */
export function isAnswered(step: Step, person: PersonDraft, car: CarDraft, asked: readonly Asked[] = []): boolean {
  switch (step) {
    case 'name':
      return person.name.trim() !== '';
    case 'document':
      return person.documentType === 'NONE' || person.documentNumber.trim() !== '';
    case 'phone':
      return person.phone.trim() !== '' || person.guardianId !== null;
    case 'occupation':
      return person.occupation.trim() !== '' || person.guardianId !== null;
    case 'from':
      return person.fromCode !== '';
    case 'to':
      return isTransit(car.purpose) || person.toCode !== '';
    case 'address':
      return isTransit(car.purpose) || person.address.trim() !== '';
    case 'stays':
      return person.stays.length > 0;
    case 'temperature':
      return person.temperatureState !== null;
    case 'questions':
      return asked.every((one) => isSettled(person, one, car.purpose === 'RESIDENT_RETURN'));
    case 'health':
      return (person.noSymptoms || person.symptoms.length > 0) && person.caseContact !== null;
  }
}

/** The first question after this one that has no answer yet; never back. */
export function stepAfter(step: Step, person: PersonDraft, car: CarDraft, asked: readonly Asked[] = []): Step | null {
  return STEPS.slice(STEPS.indexOf(step) + 1).find((one) => !isAnswered(one, person, car, asked)) ?? null;
}

/** The next of the people further down who is known already and still waits for the thermometer: a declared family. */
export function nextUnmeasured(car: CarDraft): PersonDraft | null {
  return car.people.slice(car.current + 1).find((one) => one.name.trim() && one.temperatureState === null) ?? null;
}
