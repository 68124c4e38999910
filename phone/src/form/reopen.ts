/** From a record back to the form, to repair or correct it. Pure. */
import type { WirePassage, WirePerson } from '../api/contract';
import { emptyCar, emptyPerson, type CarDraft, type PersonDraft } from './draft';

export function toDraft(passage: WirePassage): CarDraft {
  const people = passage.people.map(toPersonDraft);
  const carried = { transport: passage.transport, direction: passage.direction, temperatureSite: 'FOREHEAD' as const };
  return {
    ...emptyCar(carried),
    id: passage.id,
    plate: passage.plate ?? '',
    noPlate: !passage.plate && Boolean(passage.vehicle_note),
    vehicleNote: passage.vehicle_note ?? '',
    purpose: passage.purpose ?? '',
    trip: { number: '', carriage: '', seat: '', ...passage.trip },
    people: people.length ? people : [emptyPerson(carried.temperatureSite)],
  };
}

function toPersonDraft(person: WirePerson): PersonDraft {
  const temperature = person.temperatures?.[0];
  return {
    ...emptyPerson(temperature?.site ?? 'FOREHEAD'),
    id: person.id,
    name: person.name ?? '',
    documentType: person.document.type,
    documentNumber: person.document.number ?? '',
    bornOn: person.born_on?.replaceAll('-', '') ?? '',
    sex: person.sex ?? '',
    nationality: person.nationality ?? '',
    guardianId: person.guardian_id ?? null,
    phone: person.phone ?? '',
    fromCode: person.from_code ?? '',
    toCode: person.destination?.code ?? '',
    address: person.destination?.address ?? '',
    temperature: temperature?.celsius?.toFixed(1) ?? '',
    temperatureState: temperature?.state ?? null,
    symptoms: person.symptoms ?? [],
    noSymptoms: person.symptoms?.length === 0,
    caseContact: person.case_contact ?? null,
  };
}
