/** 待补: what is not there yet. It never stops a car; it is shown so that a quiet minute can fill it. Pure. */
import { hasVehicle, type CarDraft, type PersonDraft } from './draft';

export type MissingOfPerson = 'name' | 'document' | 'bornOn' | 'phone' | 'from' | 'to' | 'temperature' | 'symptoms' | 'contact';
export type MissingOfCar = 'plate' | 'purpose';

export function missingOfPerson(person: PersonDraft): MissingOfPerson[] {
  const present: Record<MissingOfPerson, boolean> = {
    name: Boolean(person.name.trim()),
    document: person.documentType === 'NONE' || Boolean(person.documentNumber.trim()),
    bornOn: person.documentType !== 'NONE' || Boolean(person.bornOn.trim()),
    phone: Boolean(person.phone.trim() || person.guardianId),
    from: Boolean(person.fromCode),
    to: Boolean(person.toCode || person.address.trim()),
    temperature: person.temperatureState !== null,
    symptoms: person.noSymptoms || person.symptoms.length > 0,
    contact: person.caseContact !== null,
  };
  return (Object.keys(present) as MissingOfPerson[]).filter((field) => !present[field]);
}

export function missingOfCar(car: CarDraft): MissingOfCar[] {
  const missing: MissingOfCar[] = [];
  if (hasVehicle(car.transport) && !car.plate.trim() && !(car.noPlate && car.vehicleNote.trim())) missing.push('plate');
  if (!car.purpose) missing.push('purpose');
  return missing;
}
