/** Which settled records can still be opened here: the last twenty that this phone saved since the program was opened. */
import { ref } from 'vue';

const KEPT = 20;

export const correctable = ref<string[]>([]);

export function noteSaved(id: string): void {
  correctable.value = [id, ...correctable.value.filter((one) => one !== id)].slice(0, KEPT);
}
