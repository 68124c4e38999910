/** What happens at 完成: save, free the form, tell each person's measure at once, and again only if the server says otherwise. */
import { onUnmounted, ref, watch } from 'vue';
import type { WirePassage } from '../api/contract';
import { useWords } from '../i18n';
import { closePad } from '../keypads/pad';
import { bounceGuard } from './bounce';
import type { CorrectionReason } from './correction';
import { isUnfinished, noteFinished, saveEmergency } from './emergency';
import { refusal } from './fill';
import { save, saveCorrections } from './finish';
import { desk, isEmpty, newCar } from './session';
import { useTelling } from './useTelling';

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
  const reason = ref<CorrectionReason>('MISTYPED');
  const bounced = bounceGuard();
  /** The form as the last 完成 left it: whoever has touched it since means the next one. */
  let left = '';
  const emergencyBounced = bounceGuard();
  const telling = useTelling(tell);

  // What was said about the last car makes room for the next; a failure stays until it is mended.
  watch(isEmpty, (empty) => {
    if (!empty && !notice.value?.isBad) notice.value = null;
  });
  // What was saved in one tap is completed, not mistyped.
  watch(
    () => desk.purpose,
    (purpose) => (reason.value = purpose.kind === 'CORRECT' && isUnfinished(purpose.original.id) ? 'LATER' : 'MISTYPED'),
    { immediate: true },
  );
  watch(refusal, (code) => code && tell(t(`fill.${code}`), true));
  onUnmounted(() => (refusal.value = null));

  async function finish(): Promise<void> {
    if (bounced(Date.now()) && JSON.stringify(desk.car) === left) return;
    if (isEmpty.value) return tell(t('act.nothing'));
    closePad();
    await act(finishCar);
    left = JSON.stringify(desk.car);
  }

  async function act(acting: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await acting();
    } catch (failure) {
      tell(t('act.notSaved', { reason: reasonOf(failure) }), true);
    } finally {
      busy.value = false;
    }
  }

  async function finishCar(): Promise<void> {
    const { purpose } = desk;
    if (purpose.kind === 'CORRECT') return correct(purpose.original);
    const saved = await save(Date.now());
    refusal.value = null;
    newCar();
    telling.tellSaved(saved);
  }

  async function correct(original: WirePassage): Promise<void> {
    const saved = await saveCorrections(original, t(`reasons.${reason.value}`), Date.now());
    await noteFinished(original.id);
    newCar();
    tell(t(saved.changed ? 'act.corrected' : 'act.unchanged'));
    if (saved.changed) telling.tellDecided(saved);
  }

  /** The car in the form waits where it is. */
  async function emergency(): Promise<void> {
    if (emergencyBounced(Date.now())) return;
    await act(async () => {
      await saveEmergency(t('emergency.note'), Date.now());
      navigator.vibrate?.(80);
      tell(t('emergency.saved'));
    });
  }

  function stopEditing(): void {
    newCar();
    notice.value = null;
  }

  function tell(words: string, isBad = false): void {
    notice.value = { words, isBad };
  }

  return { ...telling, busy, notice, reason, finish, emergency, stopEditing };
}
