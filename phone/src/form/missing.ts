/** 待补: what is not there yet. It never stops a car; it is shown so that a quiet minute can fill it. Pure. */
import { hasVehicle, type CarDraft, type PersonDraft } from './draft';
import { isAnswered, STEPS, type Step } from './steps';

export type MissingOfPerson = Step | 'bornOn';
export type MissingOfCar = 'plate' | 'purpose';

/** What the rules ask besides is not missed: a record of before the question was put would be. The register's places go down to the village; a door number is not missed where that is known. */
export function missingOfPerson(person: PersonDraft, car: CarDraft): MissingOfPerson[] {
  const missing: MissingOfPerson[] = STEPS.filter((step) => step !== 'address' && !isThere(step, person, car));
  if (person.documentType === 'NONE' && !person.bornOn.trim()) missing.push('bornOn');
  return missing;
}

/** An address in words tells where somebody goes as well as a place of the register does. */
function isThere(step: Step, person: PersonDraft, car: CarDraft): boolean {
  return isAnswered(step, person, car) || (step === 'to' && person.address.trim() !== '');
}

export function missingOfCar(car: CarDraft): MissingOfCar[] {
  const missing: MissingOfCar[] = [];
  if (hasVehicle(car.transport) && !car.plate.trim() && !(car.noPlate && car.vehicleNote.trim())) missing.push('plate');
  if (!car.purpose) missing.push('purpose');
  return missing;
}
