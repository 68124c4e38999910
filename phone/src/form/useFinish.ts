/** What happens at 完成: save, free the form, and show each person's measure if the server answers in time. */
import { onUnmounted, ref, shallowRef, watch } from 'vue';
import type { Receipt, WirePassage } from '../api/contract';
import { useWords } from '../i18n';
import { closePad } from '../keypads/pad';
import { awaited, late } from '../measures/late';
import { measuresOf, type PersonMeasures } from '../measures/measures';
import { link } from '../outbox/link';
import { readable } from '../outbox/readable';
import { noteShown } from '../outbox/store';
import type { CorrectionReason } from './correction';
import { receiptOf, RECEIPT_PATIENCE_MS, save, saveCorrections } from './finish';
import { desk, isEmpty, newCar } from './session';

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

  let isShown = true;
  onUnmounted(() => (isShown = false));

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
    const { purpose } = desk;
    if (purpose.kind === 'CORRECT') return correct(purpose.original);
    const passage = await save(Date.now());
    newCar();
    tell(t(link.reached ? 'act.savedOnline' : 'act.savedOffline'));
    // The officer goes on at once; the answer finds its way by itself.
    void showWhenAnswered(passage);
  }

  async function correct(original: WirePassage): Promise<void> {
    const changed = await saveCorrections(original, t(`reasons.${reason.value}`), Date.now());
    newCar();
    tell(t(changed ? 'act.corrected' : 'act.unchanged'));
  }

  async function showWhenAnswered(passage: WirePassage): Promise<void> {
    awaited.add(passage.id);
    const receipt = await receiptOf(passage.id, RECEIPT_PATIENCE_MS);
    const atForm = isShown && isEmpty.value;
    if (receipt && atForm) answered(passage, receipt);
    else if (atForm) tell(t('act.savedOffline'));
    // From here on a measure nobody saw is told by the bar above the form.
    awaited.delete(passage.id);
  }

  function answered(passage: WirePassage, receipt: Receipt): void {
    if (receipt.status === 'SET_ASIDE') return tell(t('act.setAside'), true);
    tell(t('act.acknowledged'));
    show(passage, receipt);
  }

  function show(passage: WirePassage, receipt: Receipt): void {
    shown.value = measuresOf(passage, receipt);
    void noteShown(passage.id, Date.now());
  }

  function showLate(): void {
    const [first] = late.value;
    if (!first?.receipt) return;
    const item = readable(first.id);
    shown.value = measuresOf(item?.kind === 'PASSAGE' ? item.passage : null, first.receipt);
    void noteShown(first.id, Date.now());
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
