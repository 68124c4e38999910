/** The coach at the barrier: its list, fetched while there is a network, kept sealed as it came, and what of it is in the form. */
import { reactive } from 'vue';
import type { RosterAnswer, RosterLine } from '../api/declared';
import { readRoster } from '../api/requests';
import { openDeclaration, openSealed } from '../declaration/open';
import { toCoach } from '../declaration/shape';
import { readEnrolment } from '../device/enrolment';
import { fillFromDeclaration, setRoster } from '../form/fill';
import { counted, desk } from '../form/session';
import { bytesOf, whyRefused, type Refusal } from '../scanner/receive';
import { findKeys, serverNow } from '../scanner/phonePorts';
import { go } from '../screens/route';
import { freshLines, withdrawn, type Taken } from './roster';

interface OpenRoster {
  code: string;
  /** The vehicle in the form that this list belongs to. */
  carId: string | null;
  answer: RosterAnswer | null;
  fetchedAt: number | null;
  taken: Taken;
  /** Declarations that this phone cannot open. */
  closed: string[];
}

const KEY = 'lianfang-roster';
const EMPTY: OpenRoster = { code: '', carId: null, answer: null, fetchedAt: null, taken: {}, closed: [] };

export const roster = reactive<OpenRoster>(kept());
export const fetching = reactive<{ isUnderWay: boolean; why: Refusal | null }>({ isUnderWay: false, why: null });

function kept(): OpenRoster {
  const text = sessionStorage.getItem(KEY);
  return text ? (JSON.parse(text) as OpenRoster) : { ...EMPTY };
}

function keep(): void {
  sessionStorage.setItem(KEY, JSON.stringify(roster));
}

/** True while the form holds another vehicle than a coach of this list: that one is finished first. */
export function isFormTaken(): boolean {
  return desk.purpose.kind !== 'NEW' || (counted.value.length > 0 && desk.car.roster.code !== roster.code && desk.car.transport !== 'COACH');
}

export function openRoster(code: string): void {
  const wanted = code.trim().toUpperCase();
  if (roster.code !== wanted || roster.carId !== desk.car.id) Object.assign(roster, { ...EMPTY, taken: {}, closed: [], code: wanted });
  fetching.why = null;
  keep();
  go('roster');
}

export function leaveRoster(): void {
  Object.assign(roster, { ...EMPTY, taken: {}, closed: [] });
  keep();
}

/** Fetch the list and put whoever is new into the form. What was fetched before stays when there is no network. */
export async function refreshRoster(): Promise<void> {
  const { code } = roster;
  if (!code || fetching.isUnderWay || isFormTaken()) return;
  fetching.isUnderWay = true;
  try {
    const reply = await readRoster((await readEnrolment())?.token ?? '', code);
    if (roster.code !== code) return;
    fetching.why = reply.kind === 'OK' ? null : whyRefused(reply);
    if (reply.kind === 'OK') await takeIn(reply.body);
  } finally {
    fetching.isUnderWay = false;
  }
}

async function takeIn(answer: RosterAnswer): Promise<void> {
  const isFirst = roster.carId !== desk.car.id;
  Object.assign(roster, { answer, fetchedAt: Date.now(), carId: desk.car.id });
  setRoster(roster.code, answer.expected);
  if (isFirst) await fillCoach(answer.sealed);
  const gone = withdrawn(answer, roster.taken, desk.car.people);
  if (gone.length) forget(gone.map(({ id }) => id));
  for (const line of freshLines(answer, roster.taken)) await takeLine(line);
  keep();
}

async function fillCoach(sealed: string | null): Promise<void> {
  const binary = sealed ? bytesOf(sealed) : null;
  const opened = binary && (await openSealed(binary, findKeys));
  if (!opened || opened.fault) return;
  const { plate, trip } = toCoach(opened.json);
  desk.car.plate ||= plate ?? '';
  desk.car.trip.number ||= trip?.number ?? '';
}

async function takeLine(line: RosterLine): Promise<void> {
  const binary = bytesOf(line.sealed);
  const opening = binary && (await openDeclaration(binary, findKeys, serverNow()));
  if (!opening || opening.fault) {
    roster.closed = [...new Set([...roster.closed, line.id])];
    return;
  }
  const before = new Set(desk.car.people.map(({ id }) => id));
  fillFromDeclaration({ ...opening.content, seat: opening.content.seat ?? (line.seat || undefined) }, serverNow());
  roster.taken[line.id] = desk.car.people.map(({ id }) => id).filter((id) => !before.has(id));
  roster.closed = roster.closed.filter((id) => id !== line.id);
}

function forget(ids: string[]): void {
  const left = desk.car.people.filter(({ id }) => !ids.includes(id));
  if (left.length) Object.assign(desk.car, { people: left, current: Math.min(desk.car.current, left.length - 1) });
  for (const [declaration, people] of Object.entries(roster.taken)) {
    if (people.every((id) => ids.includes(id))) delete roster.taken[declaration];
  }
}
