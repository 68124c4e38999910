import { describe, expect, it } from 'vitest';
import type { Half, Page, Person, Receipt, Report } from '../src/checkIn/contract';
import { linkIn, readTemperature } from '../src/checkIn/reading';
import { saidIn, Sending } from '../src/checkIn/sending';
import { circled, dayName, dueLine } from '../src/checkIn/view';
import { WORDS } from '../src/checkIn/words';

describe('a temperature', () => {
  it.each([
    ['36.5', 36.5], ['36', 36], ['365', 36.5], ['３６．５', 36.5], ['36。5', 36.5], ['36度5', 36.5], ['37.3℃', 37.3], ['36,5', 36.5], [' 36.5 ', 36.5],
    ['', null], ['3', null], ['3.65', null], ['33.9', null], ['43.1', null], ['36.55', null], ['-36', null], ['三十六', null], ['3650', null], ['36.', 36],
  ])('typed %s is %s', (typed, read) => {
    expect(readTemperature(typed)).toBe(read);
  }); // prettier-ignore
});

const TOKEN = `k_${'aB3-_x'.repeat(7)}z`;

it.each([
  [`#${TOKEN}`, TOKEN],
  ['', null],
  ['#k_short', null],
  [`#display_${'a'.repeat(43)}`, null],
  [`#${TOKEN}x`, null],
  [`#${TOKEN}<script>`, null],
])('%s carries %s', (fragment, token) => {
  expect(linkIn(fragment)).toBe(token);
});

const report = (place: number): Report => ({ id: `id-${place}`, place, celsius: 36.5, symptoms: [], at: '2020-02-20T01:30:00Z' });
const receipt = (id: string, half: Half = 'MORNING', day = '2020-02-20'): Receipt => ({
  id, status: 'ACCEPTED', verdict: 'WELL', say: { zh: '已收到', en: 'Received' }, day, half,
}); // prettier-ignore

/** A door that answers as it is told, and a clock that the test turns. */
function door(...answers: ({ status: number; body?: unknown } | Error)[]) {
  const later: { run: () => void; ms: number }[] = [];
  const sent: Report[][] = [];
  const stood: boolean[] = [];
  const sending: Sending = new Sending({
    post: async (reports) => {
      sent.push(reports);
      const answer = answers.shift() ?? { status: 200 };
      if (answer instanceof Error) throw answer;
      return { status: answer.status, body: answer.body ?? { receipts: reports.map((one) => receipt(one.id)), notices: [] } };
    },
    later: (run, ms) => void later.push({ run, ms }),
    random: () => 0,
    told: () => undefined,
    stood: () => void stood.push(true),
  });
  return { sending, sent, later, stood };
}

const settled = () => new Promise((done) => setTimeout(done, 0));

describe('what was reported', () => {
  it('is taken, and says of whom', async () => {
    const { sending } = door();
    sending.report([report(1), report(2)]);
    expect(sending.isWaiting(2)).toBe(true);
    await settled();
    expect(sending.waiting).toEqual([]);
    expect(sending.receiptOf(2)?.id).toBe('id-2');
  });

  it('stays while there is no network, and goes the same as it was when there is', async () => {
    const { sending, sent, later } = door(new TypeError('offline'), { status: 503, body: null });
    sending.report([report(1)]);
    await settled();
    expect([sending.trouble, sending.isWaiting(1)]).toEqual(['OFFLINE', true]);
    later.shift()!.run();
    await settled();
    expect([sending.trouble, sending.isWaiting(1)]).toEqual(['BUSY', true]);
    expect(later[0]!.ms).toBeGreaterThan(500);
    later.shift()!.run();
    await settled();
    expect([sending.trouble, sending.isWaiting(1)]).toEqual([null, false]);
    expect(new Set(sent.map((reports) => reports[0]!.id))).toEqual(new Set(['id-1']));
  });

  it('that is added meanwhile goes too', async () => {
    const { sending, sent } = door();
    sending.report([report(1)]);
    sending.report([report(2)]);
    await settled();
    expect(sent.map((reports) => reports.map((one) => one.place))).toEqual([[1], [2]]);
    expect(sending.waiting).toEqual([]);
  });

  it('asks for the page when it stood already, and of another half-day nothing that was said stays', async () => {
    const known = { receipts: [{ ...receipt('id-1'), status: 'DUPLICATE' as const }], notices: [{ title: '旧', body: '', title_en: '', body_en: '', level: 'CITY' }] };
    const { sending, stood } = door({ status: 200, body: known });
    sending.report([report(1)]);
    await settled();
    expect([stood.length, sending.notices?.length]).toEqual([1, 1]);
    sending.asked(false);
    expect([sending.notices, sending.receiptOf(1)?.id]).toEqual([null, 'id-1']);
    sending.asked(true);
    expect(sending.receiptOf(1)).toBe(undefined);
  });

  it('is sent no more through a link that is good no more', async () => {
    const body = { error: { code: 'LINK_OVER', zh: '观察已结束', en: 'Over' } };
    const { sending, sent, later } = door({ status: 410, body });
    sending.report([report(1)]);
    await settled();
    expect(sending.refused).toEqual({ zh: '观察已结束', en: 'Over' });
    await sending.send();
    expect([sent.length, later.length]).toEqual([1, 0]);
  });
});

it('a refusal without words has words all the same', () => {
  for (const body of [null, undefined, 'x', {}, { error: { zh: '只有中文' } }]) expect(saidIn(body).zh).toContain('电话');
});

it('both languages say everything', () => {
  const names = (words: object): string[] => Object.entries(words).flatMap(([name, value]) => (typeof value === 'object' ? names(value) : [name]));
  expect(names(WORDS.en).sort()).toEqual(names(WORDS.zh).sort());
});

it('people and days are named as on the slip', () => {
  expect([circled(1), circled(20), circled(21)]).toEqual(['①', '⑳', '(21)']);
  expect([dayName('2020-02-25', 'zh'), dayName('2020-02-25', 'en')]).toEqual(['2月25日', 'February 25']);
});

describe('until when to report', () => {
  const person = (place: number, state: Person['state'], reported: Person['reported']['MORNING']): Person => ({
    place, state, day: 3, days: 14, last_on: '2020-02-29', reported: { MORNING: reported, EVENING: null },
  }); // prettier-ignore
  const page = (now: string, ...people: Person[]): Page => ({
    people, now, day: '2020-02-20', half: 'MORNING', ends_at: '2020-02-20T02:00:00Z', fever: 37.3, symptoms: [], notices: [], call: null,
  }); // prettier-ignore
  const [early, late] = ['2020-02-20T01:00:00Z', '2020-02-20T03:00:00Z'];
  const nobody = () => undefined;

  it.each([
    ['by the hour', page(early, person(1, 'OPEN', null)), '请在 10:00 前报上午的体温'],
    ['at once, when it is over', page(late, person(1, 'OPEN', 'WELL'), person(2, 'OPEN', null)), '上午的时间已过，请马上补报'],
    ['again, when it could not be read', page(late, person(1, 'OPEN', 'NOT_READ')), '上午的时间已过，请马上补报'],
    ['not to hurry, when all have', page(late, person(1, 'OPEN', 'WELL'), person(2, 'ENDED', null)), '上午已经报好了'],
    ['nothing, when nobody is asked', page(late, person(1, 'ENDED', null), person(2, 'NOT_YET', null)), ''],
  ])('is told %s', (_, found, line) => {
    expect(dueLine(found, nobody, WORDS.zh)).toBe(line);
  });

  it('counts what was just received', () => {
    expect(dueLine(page(late, person(1, 'OPEN', null)), () => receipt('id-1'), WORDS.zh)).toBe('上午已经报好了');
  });

  it.each([
    ['of the half-day before', receipt('id-1', 'MORNING'), { half: 'EVENING' as const }],
    ['of the day before', receipt('id-1', 'EVENING', '2020-02-19'), { half: 'EVENING' as const }],
    ['of which the door did not say what it counts for', { ...receipt('id-1'), day: undefined, half: undefined }, {}],
  ])('does not count a receipt %s', (_, old, turned) => {
    expect(dueLine({ ...page(late, person(1, 'OPEN', null)), ...turned }, () => old, WORDS.zh)).toContain('请马上补报');
  });
});
