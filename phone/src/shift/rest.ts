/** Whether the officer is between two vehicles: the end of a shift waits for that. */
import { computed, onUnmounted, reactive, watch, type WatchSource } from 'vue';
import { isEmpty } from '../form/session';
import { awaited } from '../measures/late';

const occupied = reactive(new Set<symbol>());

export const isAtRest = computed(() => isEmpty.value && !awaited.size && !occupied.size);

/** While the source is true something is shown that must not be taken away: a measure, a save under way. */
export function occupiedWhile(source: WatchSource<boolean>): void {
  const mark = Symbol('occupied');
  watch(source, (is) => void (is ? occupied.add(mark) : occupied.delete(mark)), { immediate: true, flush: 'sync' });
  onUnmounted(() => occupied.delete(mark));
}
