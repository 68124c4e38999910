/** Tells the measures of a saved car: the phone's own at once, the server's when it says something else or is the first to know. */
import { onUnmounted, ref, shallowRef } from 'vue';
import type { Receipt, WireMeasure, WirePassage } from '../api/contract';
import { useWords } from '../i18n';
import { awaited, late } from '../measures/late';
import { answeredBy, measuresOf, type PersonMeasures } from '../measures/measures';
import { toldBy, wasTold } from '../measures/told';
import { savedWord } from '../outbox/link';
import { readable } from '../outbox/readable';
import { noteShown } from '../outbox/store';
import { receiptOf, RECEIPT_PATIENCE_MS, type Saved } from './finish';
import { isEmpty } from './session';

export function useTelling(tell: (words: string, isBad?: boolean) => void) {
  const { t } = useWords();
  const shown = shallowRef<PersonMeasures[]>([]);
  /** The server said something else than the phone had told. */
  const isCorrected = ref(false);

  let isThere = true;
  onUnmounted(() => (isThere = false));

  function tellSaved(saved: Saved): void {
    tell(t(savedWord()));
    tellDecided(saved);
    // The officer goes on at once; the answer finds its way by itself.
    void listen(saved);
  }

  function tellDecided({ passage, decisions }: Saved): void {
    if (!decisions.size) return;
    const decided = new Map([...decisions].map(([id, { measures }]) => [id, measures]));
    show(passage, decided, false);
  }

  async function listen(saved: Saved): Promise<void> {
    const { passage } = saved;
    awaited.add(passage.id);
    const receipt = await receiptOf(passage.id, RECEIPT_PATIENCE_MS);
    const atForm = isThere && (isEmpty.value || shown.value.length > 0);
    if (receipt && atForm) answered(saved, receipt);
    else if (atForm) tell(t(savedWord({ answered: false })));
    // From here on a measure nobody was told is told by the bar above the form.
    awaited.delete(passage.id);
  }

  function answered({ passage, decisions }: Saved, receipt: Receipt): void {
    if (receipt.status === 'SET_ASIDE') return tell(t('act.setAside'), true);
    tell(t('act.acknowledged'));
    void noteShown(passage.id, Date.now());
    if (!wasTold(receipt, toldBy(decisions))) show(passage, answeredBy(receipt), decisions.size > 0);
  }

  function show(passage: WirePassage | null, decided: ReadonlyMap<string, WireMeasure[]>, corrects: boolean): void {
    isCorrected.value = corrects;
    shown.value = measuresOf(passage, decided);
  }

  function showLate(): void {
    const [first] = late.value;
    if (!first?.receipt) return;
    const item = readable(first.id);
    show(item?.kind === 'PASSAGE' ? item.passage : null, answeredBy(first.receipt), first.told !== undefined);
    void noteShown(first.id, Date.now());
  }

  return { shown, isCorrected, tellSaved, tellDecided, showLate };
}
