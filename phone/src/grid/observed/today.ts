/** Who is observed, as it stands at this moment, for every screen that shows some of them. */
import { computed, ref } from 'vue';
import { observed, said } from '../lists';
import { minute } from '../today';
import { ofOrder } from './standing';
import { doorsOf, progressOf, type Filter } from './walking';

export const filter = ref<Filter>('OPEN');
export const observedAsOf = computed(() => Date.parse(observed.value?.as_of ?? '') || 0);
export const people = computed(() => {
  const list = observed.value;
  if (!list) return [];
  return list.people.map((person) => ({ person, standing: ofOrder(person, said.value, list.thresholds, observedAsOf.value, minute.value) }));
});
export const observedDoors = computed(() => doorsOf(people.value));
export const reported = computed(() => progressOf(people.value));
