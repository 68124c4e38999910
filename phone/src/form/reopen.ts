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
    roster: { code: '', expected: passage.roster_expected?.toString() ?? '' },
    pass: takePass(people[0]),
    declarationId: passage.declaration_id ?? null,
    people: people.length ? people : [emptyPerson(carried.temperatureSite)],
  };
}

/** The pass has fields of its own in the form; taken out of the first person's answers, it cannot contradict them. */
function takePass(first: PersonDraft | undefined): CarDraft['pass'] {
  const { PASS_CLASS = '', PASS_NUMBER = '', ...others } = first?.answers ?? {};
  if (first) first.answers = others;
  return { kind: String(PASS_CLASS), number: String(PASS_NUMBER) };
}

function toPersonDraft(person: WirePerson): PersonDraft {
  const temperature = person.temperatures?.at(-1);
  return {
    ...emptyPerson(temperature?.site ?? 'FOREHEAD'),
    id: person.id,
    name: person.name ?? '',
    documentType: person.document.type,
    documentNumber: person.document.number ?? '',
    bornOn: person.born_on?.replaceAll('-', '') ?? '',
    sex: person.sex ?? '',
    nationality: person.nationality ?? '',
    occupation: person.occupation ?? '',
    guardianId: person.guardian_id ?? null,
    phone: person.phone ?? '',
    fromCode: person.from_code ?? '',
    stays: person.stays ?? [],
    toCode: person.destination?.code ?? '',
    address: person.destination?.address ?? '',
    earlierReadings: person.temperatures?.slice(0, -1) ?? [],
    temperature: temperature?.celsius?.toFixed(1) ?? '',
    temperatureState: temperature?.state ?? null,
    temperatureAt: temperature?.at ?? '',
    symptoms: person.symptoms ?? [],
    noSymptoms: person.symptoms?.length === 0,
    caseContact: person.case_contact ?? null,
    resident: person.resident ?? null,
    answers: person.answers ?? {},
  };
}
