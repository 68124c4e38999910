/** The officer's register of places. */
import { readDivisions } from '../api/requests';
import { readEnrolment } from '../device/enrolment';
import { database } from '../storage/database';
import { Register } from './keeping';

const register = new Register({
  stored: (key) => database.divisions.get(key),
  keep: (answer) => database.divisions.put(answer),
  ask: async (under) => {
    const token = (await readEnrolment())?.token;
    return token ? readDivisions(token, under) : null;
  },
});

export const { tree, edition } = register;
export const loadRegister = (): Promise<void> => register.load();
export const loadVillages = (township: string): Promise<void> => register.loadVillages(township);
