/** What happens at 完成: save, free the form, and show each person's measure if the server answers in time. */
import { ref, shallowRef, watch } from 'vue';
import type { Receipt } from '../api/contract';
import { useWords } from '../i18n';
import { closePad } from '../keypads/pad';
import { noteLate, takeLate } from '../measures/late';
import { measuresOf, type PersonMeasures } from '../measures/measures';
import { link } from '../outbox/link';
import type { CorrectionReason } from './correction';
import { receiptOf, RECEIPT_PATIENCE_MS, save, type Finished } from './finish';
import { counted, desk, isEmpty, newCar } from './session';

const LATE_PATIENCE_MS = 15 * 60_000;

export interface Notice {
  words: string;
  isBad: boolean;
}

/** Full storage is what officers can mend; anything else is named for whoever they ask. */
function reasonOf(failure: unknown): string {
  const { name, inner } = failure as { name?: string; inner?: { name?: string } };
  return inner?.name ?? name ?? String(failure);
}

export function useFinish() {
  const { t } = useWords();
  const busy = ref(false);
  const notice = ref<Notice | null>(null);
  const shown = shallowRef<PersonMeasures[]>([]);
  const reason = ref<CorrectionReason>('MISTYPED');

  // What was said about the last car makes room for the next; a failure stays until it is mended.
  watch(isEmpty, (empty) => {
    if (!empty && !notice.value?.isBad) notice.value = null;
  });

  async function finish(): Promise<void> {
    if (busy.value) return;
    if (isEmpty.value) return tell(t('act.nothing'));
    closePad();
    busy.value = true;
    try {
      await finishCar();
    } catch (failure) {
      tell(t('act.notSaved', { reason: reasonOf(failure) }), true);
    } finally {
      busy.value = false;
    }
  }

  async function finishCar(): Promise<void> {
    const { kind } = desk.purpose;
    const people = counted.value.length;
    const finished = await save(Date.now(), t(`reasons.${reason.value}`));
    newCar();
    if (kind === 'CORRECT') return tell(t('act.corrected'));
    tell(t(link.reached ? 'act.savedOnline' : 'act.savedOffline'));
    // The officer goes on at once; the answer finds its way by itself.
    void showWhenAnswered(finished, people);
  }

  async function showWhenAnswered(finished: Finished, people: number): Promise<void> {
    const receipt = await receiptOf(finished.passage.id, RECEIPT_PATIENCE_MS);
    if (receipt && isEmpty.value) {
      if (people) show(finished, receipt);
      return tell(t(receipt.status === 'SET_ASIDE' ? 'outbox.setAsideHelp' : 'act.acknowledged'), receipt.status === 'SET_ASIDE');
    }
    if (!receipt) tell(t('act.savedOffline'));
    const later = receipt ?? (await receiptOf(finished.passage.id, LATE_PATIENCE_MS));
    if (later) noteLate(finished, later, Date.now());
  }

  function show(finished: Finished, receipt: Receipt): void {
    shown.value = receipt.status === 'SET_ASIDE' ? [] : measuresOf(finished.passage, receipt);
  }

  function showLate(): void {
    const first = takeLate();
    if (first) show(first.finished, first.receipt);
  }

  function stopEditing(): void {
    newCar();
    notice.value = null;
  }

  function tell(words: string, isBad = false): void {
    notice.value = { words, isBad };
  }

  return { busy, notice, shown, reason, finish, stopEditing, showLate };
}
