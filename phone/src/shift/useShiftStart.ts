/** What is typed before a shift, and the way from there to a shift: a new PIN twice, a known one once. */
import { computed, onUnmounted, reactive, ref, watch } from 'vue';
import { enrolment } from '../device/enrolment';
import { preferences } from '../device/preferences';
import { recent, remember } from '../device/recent';
import { choosePin, hasPin, isPin, LONGEST_PIN, SHORTEST_PIN } from './pin';
import { beginShift } from './shift';
import { countTry, forgiveTries, pauseLeft } from './tries';

export type Trouble = 'OFFICER' | 'SHORT' | 'DIFFERENT' | 'WRONG' | 'PAUSE' | 'NOT_KEPT';
const LONGEST_OFFICER = 32;

/** As headquarters writes it: full-width characters and stray spaces are the keyboard's. */
export function tidyOfficer(typed: string): string {
  return typed.normalize('NFKC').replaceAll('\0', '').trim().slice(0, LONGEST_OFFICER);
}

export function useShiftStart() {
  const form = reactive({ officer: recent.officer[0] ?? preferences.officer, lane: preferences.lane, crew: [] as string[], pin: '' });
  /** The new PIN while it is asked for a second time. */
  const first = ref('');
  const known = ref(true);
  const busy = ref(false);
  const trouble = ref<Trouble | null>(null);
  const pauseMs = ref(0);

  const officer = computed(() => tidyOfficer(form.officer));
  const lanes = computed(() => Array.from({ length: enrolment.value?.checkpoint.lanes ?? 1 }, (_, place) => String(place + 1)));
  if (!lanes.value.includes(form.lane)) form.lane = lanes.value[0] ?? '1';

  watch(officer, lookUp, { immediate: true });
  const ticking = setInterval(() => void lookAtPause(), 1_000);
  onUnmounted(() => clearInterval(ticking));

  async function lookUp(): Promise<void> {
    Object.assign(form, { pin: '', crew: form.crew.filter((one) => one !== officer.value) });
    first.value = '';
    trouble.value = null;
    known.value = !officer.value || (await hasPin(officer.value));
    await lookAtPause();
  }

  async function lookAtPause(): Promise<void> {
    pauseMs.value = await pauseLeft(Date.now());
    if (pauseMs.value) trouble.value = 'PAUSE';
    else if (trouble.value === 'PAUSE') trouble.value = null;
  }

  function press(digit: string): void {
    if (!pauseMs.value) trouble.value = null;
    if (form.pin.length < LONGEST_PIN && !busy.value) form.pin += digit;
  }

  function erase(): void {
    form.pin = form.pin.slice(0, -1);
  }

  async function start(): Promise<void> {
    if (busy.value) return;
    if (!officer.value) return fail('OFFICER');
    if (form.pin.length < SHORTEST_PIN) return fail('SHORT', { keep: true });
    busy.value = true;
    try {
      await ((await hasPin(officer.value)) ? checkPin() : takePin());
    } catch {
      fail('NOT_KEPT');
    } finally {
      busy.value = false;
    }
  }

  async function takePin(): Promise<void> {
    const pin = form.pin;
    if (!first.value) {
      first.value = pin;
      form.pin = '';
    } else if (first.value !== pin) {
      first.value = '';
      fail('DIFFERENT');
    } else {
      await choosePin(officer.value, pin);
      await open();
    }
  }

  async function checkPin(): Promise<void> {
    await lookAtPause();
    if (pauseMs.value) return fail('PAUSE');
    await countTry(Date.now());
    if (!(await isPin(officer.value, form.pin))) {
      fail('WRONG');
      return lookAtPause();
    }
    await forgiveTries();
    await open();
  }

  async function open(): Promise<void> {
    for (const number of [...form.crew].reverse()) remember('officer', number);
    remember('officer', officer.value);
    await beginShift({ officer: officer.value, lane: form.lane, crew: [...form.crew] }, Date.now());
  }

  function fail(why: Trouble, { keep = false } = {}): void {
    trouble.value = why;
    if (!keep) form.pin = '';
  }

  return { form, first, known, busy, trouble, pauseMs, officer, lanes, press, erase, start };
}

/** Minutes and seconds a pause still lasts: 0:30. */
export function clockOf(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
