/** The checkpoint's own county as a code of the register; the server names it in words. */
import { enrolment } from '../device/enrolment';
import { tree } from './register';

/** Null while the register is not there, or does not know the county. */
export function homeCounty(): string | null {
  const county = enrolment.value?.checkpoint.county ?? '';
  const [found] = tree.value.search(county, 1);
  return found && [found.code, found.name].includes(county) ? found.code : null;
}
