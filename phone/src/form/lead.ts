/** Leads the officer from field to field: an answered question opens the next one. A tap anywhere else ends it. */
import { nextTick, onMounted, onUnmounted } from 'vue';
import { closePad } from '../keypads/pad';
import { asked } from '../questions/useAsked';
import { desk, editPerson, person } from './session';
import { nextUnmeasured, stepAfter, type Step } from './steps';

const openers = new Map<Step, () => void>();

/** A field says how it is opened for typing. */
export function useStep(step: Step, open: () => void): void {
  onMounted(() => openers.set(step, open));
  onUnmounted(() => {
    if (openers.get(step) === open) openers.delete(step);
  });
}

/** Still within the tap that asked for it, or phones would not bring up their keyboard. */
export async function leadTo(step: Step): Promise<void> {
  await nextTick();
  openers.get(step)?.();
}

/** What comes after an answer: the next open question, else the next person who waits for the thermometer. */
export function advance(after: Step): void {
  closePad();
  const next = stepAfter(after, person.value, desk.car, asked.value);
  if (next) return void leadTo(next);
  const waiting = nextUnmeasured(desk.car);
  if (!waiting) return;
  editPerson(waiting.id);
  void leadTo('temperature');
}
