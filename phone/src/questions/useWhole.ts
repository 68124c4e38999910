/** A field for a whole number: what is typed and is none stays in the field, to be mended, and is no answer. */
import { computed, ref, watch, type ComputedRef, type WritableComputedRef } from 'vue';
import type { Answer } from '../screening/decide';
import { readWhole } from './number';

/** `who` is asked; the next one's field begins afresh. */
export function useWhole(who: () => unknown, answer: () => Answer | null, say: (number: number | null) => void): { typed: WritableComputedRef<string>; isOdd: ComputedRef<boolean> } {
  const odd = ref('');
  watch(who, () => (odd.value = ''));
  const isOdd = computed(() => odd.value !== '' && answer() === null);
  const typed = computed({
    get: () => (isOdd.value ? odd.value : String(answer() ?? '')),
    set: (text: string) => {
      const read = readWhole(text);
      odd.value = read === null ? text.trim() : '';
      say(read);
    },
  });
  return { typed, isOdd };
}
