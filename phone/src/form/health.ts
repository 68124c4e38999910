import type { PersonDraft } from './draft';

/** Asked about both and none: two answers, each of which can be changed. */
export function markHealthy(person: PersonDraft): void {
  person.symptoms = [];
  person.noSymptoms = true;
  person.caseContact = false;
}
