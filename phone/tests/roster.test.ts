import { describe, expect, it } from 'vitest';
import type { RosterAnswer } from '../src/api/declared';
import { emptyPerson, type PersonDraft } from '../src/form/draft';
import { freshLines, nextUnmeasured, rowsOf, tallyOf, withdrawn } from '../src/rosters/roster';

function passenger(id: string, seat: string, changes: Partial<PersonDraft> = {}): PersonDraft {
  return { ...emptyPerson('FOREHEAD'), id, name: `测试${id}`, answers: seat ? { SEAT: seat } : {}, ...changes };
}

const measured = { temperature: '36.5', temperatureState: 'READ' as const };
const answer = (...ids: string[]): RosterAnswer => ({ expected: 40, sealed: null, declarations: ids.map((id) => ({ id, seat: '', people: 1, sealed: '' })) });

describe('a coach’s list', () => {
  it('goes down the aisle, people without a seat last, empty forms not at all', () => {
    const people = [passenger('a', '10A'), passenger('b', ''), passenger('c', '2B'), passenger('d', '2A'), emptyPerson('FOREHEAD')];
    expect(rowsOf(people).map(({ person }) => person.id)).toEqual(['d', 'c', 'a', 'b']);
  });

  it('counts who is there, who is measured and who is missing', () => {
    const rows = rowsOf([passenger('a', '1', measured), passenger('b', '2')]);
    expect(tallyOf(rows, 40)).toEqual({ people: 2, expected: 40, measured: 1, missing: 38 });
    expect(tallyOf(rows, 1).missing).toBe(0);
  });

  it('leads from seat to seat and back to those left over', () => {
    const rows = rowsOf([passenger('a', '1'), passenger('b', '2', measured), passenger('c', '3')]);
    expect(nextUnmeasured(rows, 'a')).toBe('c');
    expect(nextUnmeasured(rows, 'c')).toBe('a');
    expect(nextUnmeasured(rows, null)).toBe('a');
    expect(nextUnmeasured(rowsOf([passenger('a', '1', measured)]), 'a')).toBeNull();
  });

  it('takes in each declaration once', () => {
    expect(freshLines(answer('x', 'y'), { x: ['a'] }).map(({ id }) => id)).toEqual(['y']);
  });

  it('lets go of people whose declaration was replaced, unless they were measured', () => {
    const people = [passenger('a', '1'), passenger('b', '2', measured), passenger('c', '3')];
    const gone = withdrawn(answer('z'), { x: ['a'], y: ['b'], z: ['c'] }, people);
    expect(gone.map(({ id }) => id)).toEqual(['a']);
  });
});
