import { describe, expect, it } from 'vitest';
import { isShortText } from '../src/scanner/readers';
import { PAUSE_MS, Wedge, type Key } from '../src/scanner/wedge';

const NUMBER = '210381199002280013';

/** Keys at a steady pace, the first at `from`. */
function keys(text: string, paceMs: number, from = 1_000): Key[] {
  const named = (character: string) => ({ '\n': 'Enter', '\t': 'Tab' })[character] ?? character;
  return [...text].map((character, place) => ({ key: named(character), at: from + place * paceMs }));
}

/** What the page still sees, and what is taken for a machine's text. */
function type(recorded: Key[]): { seen: string; taken: string[] } {
  const wedge = new Wedge(isShortText);
  let seen = '';
  const taken: (string | null)[] = [];
  for (const key of recorded) {
    if (wedge.startsAnew(key.at)) taken.push(wedge.pause());
    const verdict = wedge.press(key);
    if (verdict === 'BEGIN') seen = seen.slice(0, seen.lastIndexOf('…') + 1);
    if (verdict === 'LEAVE') seen += key.key;
  }
  taken.push(wedge.pause());
  return { seen, taken: taken.filter((text) => text !== null) };
}

/** Recorded: the gaps of a 2D gun over Bluetooth, which comes in packets. */
const BLUETOOTH_GAPS = [0, 7, 8, 22, 7, 8, 30, 7, 7, 31, 8, 7, 29, 8, 7, 30, 7, 8, 22];
/** Recorded: an officer who types numbers all day, on a notebook's number block. */
const TYPIST_GAPS = [0, 96, 71, 88, 64, 59, 102, 77, 48, 61, 85, 73, 55, 90, 66, 58, 79, 84, 120];

function withGaps(text: string, gaps: number[]): Key[] {
  let at = 5_000;
  return keys(text, 0).map((key, place) => ({ ...key, at: (at += gaps[place] ?? 60) }));
}

describe('keys at a machine’s pace', () => {
  it.each([1, 5, 12, 34])('are taken whole at %i ms, and the page keeps nothing of them', (pace) => {
    expect(type(keys(`${NUMBER}\n`, pace))).toEqual({ seen: '', taken: [`${NUMBER}\n`] });
  });

  it('are taken as a Bluetooth gun sends them', () => {
    expect(type(withGaps(`${NUMBER}\n`, BLUETOOTH_GAPS))).toEqual({ seen: '', taken: [`${NUMBER}\n`] });
  });

  it('need no Enter at their end', () => expect(type(keys(NUMBER, 10)).taken).toEqual([NUMBER]));

  it('may hold Enter and Tab between their parts', () => {
    expect(type(keys(`LI LEI\tM\t${NUMBER}\n`, 8)).taken).toEqual([`LI LEI\tM\t${NUMBER}\n`]);
    expect(type(keys(`${NUMBER}\nLI LEI\n`, 8)).taken).toEqual([`${NUMBER}\nLI LEI\n`]);
  });

  it('may be followed by others after a pause', () => {
    const two = [...keys(`${NUMBER}\n`, 10), ...keys('483920\n', 10, 9_000)];
    expect(type(two).taken).toEqual([`${NUMBER}\n`, '483920\n']);
  });

  it('may stumble until their Enter', () => {
    const stumbled = [...keys('LF1:ABCDEFG', 6), ...keys('HIJKLM\n', 6, 1_380), ...keys('12345678', 6, 1_700)];
    expect(type(stumbled).taken).toEqual(['LF1:ABCDEFGHIJKLM\n', '12345678']);
  });

  it('come with Shift, which is no character', () => {
    const shifted = keys('LF1:ABC', 8).flatMap((key) => [{ key: 'Shift', at: key.at - 1 }, key]);
    expect(type([...shifted, ...keys('DEF', 8, 1_056)]).taken).toEqual(['LF1:ABCDEF']);
  });

  it('are short only as a short code or a plate, with Enter', () => {
    expect(type(keys('483920\n', 10))).toEqual({ seen: '', taken: ['483920\n'] });
    expect(type(keys('辽C12345\n', 10)).taken).toEqual(['辽C12345\n']);
    expect(type(keys('483920', 10))).toEqual({ seen: '483920', taken: [] });
    expect(type(keys('ABCDEF\n', 10))).toEqual({ seen: 'ABCDEFEnter', taken: [] });
  });

  it('stay together when an unknown key comes between', () => {
    const odd = keys(NUMBER, 10);
    odd.splice(12, 0, { key: 'Unidentified', at: 1_115 });
    expect(type(odd).taken).toEqual([NUMBER]);
  });
});

describe('fingers', () => {
  it.each([36, 45, 60, 120])('at %i ms a key are never taken', (pace) => {
    expect(type(keys(NUMBER, pace))).toEqual({ seen: NUMBER, taken: [] });
  });

  it('are never taken as a fast typist moves them', () => {
    expect(type(withGaps(`${NUMBER}\n`, TYPIST_GAPS))).toEqual({ seen: `${NUMBER}Enter`, taken: [] });
  });

  it('may roll over several keys at once', () => {
    const rolled = withGaps('qwertasdfg', [0, 12, 15, 9, 90, 14, 11, 85, 10, 12]);
    expect(type(rolled)).toEqual({ seen: 'qwertasdfg', taken: [] });
  });

  it('may rest on a key', () => {
    const held = keys('0'.repeat(40), 33).map((key, place) => ({ ...key, isShortcut: place > 0 }));
    expect(type(held)).toEqual({ seen: '0'.repeat(40), taken: [] });
  });

  it('may press Tab and Enter as quickly as fingers can', () => {
    expect(type(keys('王五\t', 40))).toEqual({ seen: '王五Tab', taken: [] });
    expect(type(keys('\n\n\t', 40)).taken).toEqual([]);
  });

  it('that typed a moment ago do not spoil a gun', () => {
    expect(type([...keys('123', 90), ...keys(NUMBER, 10, 1_181 + PAUSE_MS)]).taken).toEqual([NUMBER]);
  });
});
