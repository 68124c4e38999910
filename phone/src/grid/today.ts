/** The doors as they stand at this moment, for every screen that shows some of them. */
import { computed, ref } from 'vue';
import { serverNow } from './clock';
import { doors, households, said } from './lists';
import { progressOf, stopsOf, type Filter } from './walking';

export const filter = ref<Filter>('OPEN');
/** Turned each minute, so that what becomes late is marked without a tap. */
export const minute = ref(serverNow());

export const asOf = computed(() => Date.parse(doors.value?.as_of ?? '') || 0);
export const homesAsOf = computed(() => Date.parse(households.value?.as_of ?? '') || 0);
export const stops = computed(() => stopsOf(doors.value?.doors ?? [], said.value, asOf.value, minute.value));
export const progress = computed(() => progressOf(stops.value));

export function followMinutes(): void {
  setInterval(() => (minute.value = serverNow()), 60_000);
}
