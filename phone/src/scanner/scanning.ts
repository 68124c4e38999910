/** What of the scanner is open over the form. All else of it is fetched when first used. */
import { reactive } from 'vue';

export type Panel = 'CAMERA' | 'SHORT_CODE';

export const scanning = reactive<{ panel: Panel | null; hasSaid: boolean }>({
  panel: null,
  /** Whether something was read that the officer is told about. */
  hasSaid: false,
});

export function openScanner(panel: Panel = 'CAMERA'): void {
  scanning.panel = panel;
}
