/** The shift on this phone: whose it is, at which lane, until when. Without one nothing is registered or opened. */
import { ref, shallowRef, watch } from 'vue';
import { enrolment } from '../device/enrolment';
import { preferences } from '../device/preferences';
import { readSetting, writeSetting } from '../storage/settings';
import { mintId } from '../identity/uuid7';
import type { ClockIn } from '../api/device';
import { queueClockIns } from '../device/clockIns';
import { shiftAt, type ShiftHours } from './hours';
import { isAtRest } from './rest';

export interface OpenShift {
  officer: string;
  hours: ShiftHours;
  /** One for the officer and one for each of the crew. */
  present: ClockIn[];
}

export interface ShiftStart {
  officer: string;
  lane: string;
  crew: string[];
}

const KEY = 'shift';
const LOOK_MS = 15_000;

export const shift = shallowRef<OpenShift | null>(null);
/** The shift is over, and the vehicle on the screen is still to be finished. */
export const isOverdue = ref(false);

export async function loadShift(): Promise<void> {
  shift.value = await readSetting<OpenShift>(KEY);
}

/** The PIN was right: the officer and the crew are there from now on. */
export async function beginShift({ officer, lane, crew }: ShiftStart, now: number): Promise<void> {
  const came_at = new Date(now).toISOString();
  const present = [officer, ...crew].map((number) => ({ id: mintId(now), officer: number, lane, came_at }));
  await keep({ officer, hours: shiftAt(now), present });
  await queueClockIns(present);
  Object.assign(preferences, { officer, lane, crew });
}

/** The officer hands the phone on, the hours are over, or the phone was enrolled anew. */
export async function endShift(leftAt: number): Promise<void> {
  const present = shift.value?.present ?? [];
  await keep(null);
  await queueClockIns(present.map((one) => left(one, leftAt)));
}

/** The same officers at another lane: they leave one and come to the other. */
export async function changeLane(lane: string, now: number): Promise<void> {
  preferences.lane = lane;
  if (!shift.value) return;
  const before = shift.value.present;
  const present = before.map(({ officer }) => ({ id: mintId(now), officer, lane, came_at: new Date(now).toISOString() }));
  await keep({ ...shift.value, present });
  await queueClockIns([...before.map((one) => left(one, now)), ...present]);
}

function left(entry: ClockIn, at: number): ClockIn {
  return { ...entry, left_at: new Date(Math.max(at, Date.parse(entry.came_at))).toISOString() };
}

async function keep(next: OpenShift | null): Promise<void> {
  shift.value = next;
  isOverdue.value = false;
  await writeSetting(KEY, next);
}

/** Hours that are over end the shift at once, or as soon as the vehicle on the screen is done. */
export async function lookAtTheClock(now: number): Promise<void> {
  const hours = shift.value?.hours;
  if (!hours) return;
  isOverdue.value = now >= hours.endsAt || now < hours.endsAt - 24 * 3_600_000;
  if (isOverdue.value && isAtRest.value) await endShift(Math.min(now, hours.endsAt));
}

export function followShift(): void {
  const look = () => void lookAtTheClock(Date.now());
  setInterval(look, LOOK_MS);
  watch(isAtRest, look);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void loadShift().then(look);
  });
  watch(
    () => enrolment.value?.token,
    (_, before) => before && void endShift(Date.now()),
  );
  look();
}
