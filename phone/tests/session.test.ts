import { beforeEach, describe, expect, it } from 'vitest';
import { clearCar, counted, desk, editPerson, isEmpty, newCar, nextPerson, openRecord, person, removePerson, undo, undoable } from '../src/form/session';
import { passage } from './samples';

beforeEach(newCar);

describe('the car on the screen', () => {
  it('gets the next person in one tap, and an untouched form only once', () => {
    person.value.name = '王一';
    nextPerson();
    nextPerson();
    expect(desk.car.people).toHaveLength(2);
    expect(person.value.name).toBe('');
    expect(counted.value.map((one) => one.name)).toEqual(['王一']);
  });

  it('goes back to a person and forward again without leaving blanks behind', () => {
    person.value.name = '王一';
    nextPerson();
    person.value.name = '王二';
    nextPerson();
    editPerson(desk.car.people[0]!.id);
    expect(person.value.name).toBe('王一');
    nextPerson();
    expect(counted.value.map((one) => one.name)).toEqual(['王一', '王二']);
    expect(person.value.name).toBe('');
  });

  it('brings a removed person and a cleared car back', () => {
    person.value.name = '王一';
    removePerson();
    expect(isEmpty.value).toBe(true);
    undo();
    expect(person.value.name).toBe('王一');
    clearCar();
    expect(isEmpty.value).toBe(true);
    undo();
    expect(person.value.name).toBe('王一');
    expect(undoable.value).toBeNull();
  });

  it('opens a record under its own ids', () => {
    const original = passage();
    openRecord('REPAIR', original);
    expect(desk).toMatchObject({ purpose: { kind: 'REPAIR' }, car: { id: original.id, people: [{ id: original.people[0]?.id }] } });
    newCar();
    expect(desk.purpose.kind).toBe('NEW');
    expect(desk.car.id).not.toBe(original.id);
  });
});
