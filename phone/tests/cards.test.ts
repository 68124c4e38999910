import { describe, expect, it } from 'vitest';
import { CARD_LANGUAGES, DECK } from '../src/cards/deck';
import { PICTURES } from '../src/cards/pictures';

const SCRIPTS = { zh: /\p{Script=Han}/u, en: /[a-z]/, ru: /\p{Script=Cyrillic}/u, ko: /\p{Script=Hangul}/u, ja: /\p{Script=Hiragana}/u };

describe('the cards that are pointed at', () => {
  it.each(DECK)('$id has a picture and says it in five languages, each in its own script', ({ id, words }) => {
    expect(PICTURES[id].length).toBeGreaterThan(0);
    for (const language of CARD_LANGUAGES) expect(words[language]).toMatch(SCRIPTS[language]);
    expect(Object.values(words).join('')).not.toMatch(/[!！]/);
  });

  it('are each there once', () => {
    expect(new Set(DECK.map(({ id }) => id)).size).toBe(DECK.length);
    expect(Object.keys(PICTURES).sort()).toEqual(DECK.map(({ id }) => id).sort());
  });
});
