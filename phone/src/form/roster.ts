/** A coach: how many are on board, and how many of them are in the form. */
import { desk } from './session';

/** From the driver's list: the code under which passengers declare, and how many there are. */
export function setRoster(code: string, expected: number): void {
  desk.car.transport = 'COACH';
  desk.car.roster = { code, expected: String(expected) };
}
