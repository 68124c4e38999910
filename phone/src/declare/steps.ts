/** One question group a screen, in the browser's own history: the phone's back button works, and a reload stays. */
import { computed, ref } from 'vue';

export const QUESTIONS = ['TRIP', 'PURPOSE', 'PEOPLE', 'FROM', 'TO', 'HEALTH'] as const;
export type Question = (typeof QUESTIONS)[number];
export type Step = 'NOTICE' | Question | 'CODE' | 'COACH' | 'COACH_COUNT';

interface Place {
  step: Step;
  /** The field whose picker of places is open. */
  picking: string;
}

const START: Place = { step: 'NOTICE', picking: '' };

const place = ref<Place>(START);
export const step = computed(() => place.value.step);
export const picking = computed(() => place.value.picking);

export function followHistory(): void {
  place.value = readPlace(history.state);
  window.addEventListener('popstate', (event) => show(readPlace(event.state)));
  // A passenger's code opened in the tab of another alters only the part after #.
  window.addEventListener('hashchange', () => location.reload());
}

export function goTo(next: Step): void {
  push({ step: next, picking: '' });
}

export function goOn(): void {
  goTo(QUESTIONS[QUESTIONS.indexOf(step.value as Question) + 1] ?? 'CODE');
}

export function goBack(): void {
  history.back();
}

export function startPicking(field: string): void {
  push({ step: step.value, picking: field });
}

/** To the first screen, with nothing behind it that the back button could bring back. */
export function startOver(): void {
  history.replaceState(null, '', location.pathname);
  show(START);
}

function push(next: Place): void {
  history.pushState({ ...next }, '');
  show(next);
}

function show(next: Place): void {
  const isNew = next.step !== place.value.step || next.picking !== '';
  place.value = next;
  if (isNew) window.scrollTo(0, 0);
}

function readPlace(state: unknown): Place {
  const found = state as Partial<Place> | null;
  return found?.step ? { step: found.step, picking: found.picking ?? '' } : START;
}
