/** A grid of generated people, and the phone of whoever walks it. */
import type { Door, DoorPerson, DoorsAnswer, Household, ReferralState } from '../src/grid/contract';
import { database } from '../src/grid/database';
import { keepPhone, loadPhone, phone } from '../src/grid/phones';
import type { AnswerRow } from '../src/grid/answers';
import { mintId } from '../src/identity/uuid7';
import type { City } from './city';
import { NOON } from './samples';

export const GRID = '210381101200';

export async function emptyPhone(): Promise<void> {
  await Promise.all(database.tables.map((table) => table.clear()));
  phone.value = null;
}

/** Enrolled for a grid; `city` gives the key answers are sealed to. */
export async function enrolFor(city: City | null, { token = 'roster_a', division = GRID, at = NOON } = {}): Promise<void> {
  const answer = { token, division: { code: division, name: '大孤山村' }, expires_at: new Date(at + 24 * 3_600_000).toISOString() };
  await database.transaction('rw', database.phones, database.settings, () => keepPhone(answer, at));
  await loadPhone();
  if (city) {
    await database.phones.update(phone.value!.id, { outboxKey: city.key });
    await loadPhone();
  }
}

export function person(changes: Partial<DoorPerson> = {}): DoorPerson {
  return {
    referral: mintId(NOON),
    name: '王测试',
    sex: 'M',
    age: 34,
    phone: '13900000001',
    address: '东区3号',
    state: 'SENT',
    urgent: false,
    late: false,
    due_at: new Date(NOON + 7_200_000).toISOString(),
    sent_at: new Date(NOON).toISOString(),
    measures: [{ kind: 'QUARANTINE', place: 'HOME', days: 14, say: { zh: '请居家。', en: 'Stay at home.' } }],
    checkpoint: '西柳高速口',
    registered_at: new Date(NOON).toISOString(),
    from: '湖北省武汉市',
    party: 1,
    ...changes,
  };
}

export function door(people: DoorPerson[], changes: Partial<Door> = {}): Door {
  return { household: mintId(NOON), code: '0001', address: '东区3号', people, ...changes };
}

export function doorsAnswer(doors: Door[], city: City, at = NOON): DoorsAnswer {
  const asOf = new Date(at).toISOString();
  return { division: { code: GRID, name: '大孤山村' }, as_of: asOf, server_time: asOf, expires_at: new Date(at + 3_600_000).toISOString(), outbox_key: city.key, doors, more: false };
}

export function household(changes: Partial<Household> = {}): Household {
  return { id: mintId(NOON), code: '0001', address: '东区3号', occupancy: 'OCCUPIED', verified_on: null, stale: false, residents: [], ...changes };
}

/** A row of the outbox about a referral, as if written and answered. */
export function rowAbout(subject: string, said: ReferralState, changes: Partial<AnswerRow> = {}): AnswerRow {
  const about = { kind: 'REFERRAL', subject, said } as AnswerRow['about'];
  const blank = { item: null, receipt: null, error: null, settledAt: null, attempts: 0, retryAt: 0 };
  return { id: mintId(NOON), state: 'UNSENT', phone: 'p', seq: 1, capturedAt: NOON, about, ...blank, ...changes };
}
