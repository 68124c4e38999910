/** The questions to the people of the car in the form: new ones are there as soon as new rules are. */
import { computed } from 'vue';
import { desk, person } from '../form/session';
import { keptRules } from '../screening/rules';
import { askedBy, nextOpen, type Asked } from './asked';

export const asked = computed<Asked[]>(() => askedBy(keptRules.value?.rules, desk.car.direction));

/** The next one without an answer, of the person in the form. */
export function openAfter(key: string | null): Asked | null {
  return nextOpen(person.value, asked.value, key, desk.car.purpose === 'RESIDENT_RETURN');
}
