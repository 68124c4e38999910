/** The four questions of the decent order, and whether what was answered lets somebody be counted as in place. Pure. */
import { looksLikePhone } from '../../identity/phoneNumber';
import { CARE_KINDS, type CareKind, type CareSaid, type ObservedPerson } from './contract';

export interface CareDraft {
  needed: boolean | null;
  need: string;
  carer: string;
  phone: string;
}

export type CareDrafts = Record<CareKind, CareDraft>;
export type Care = Partial<Record<CareKind, CareSaid>>;

export function newCare(): CareDrafts {
  return Object.fromEntries(CARE_KINDS.map((kind) => [kind, { needed: null, need: '', carer: '', phone: '' }])) as CareDrafts;
}

/** What is sent; a question that was not asked is not there. */
export function careSaid(drafts: CareDrafts): Care {
  const said: Care = {};
  for (const kind of CARE_KINDS) {
    const { needed, ...words } = drafts[kind];
    if (needed === null) continue;
    const told = Object.fromEntries(Object.entries(words).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])));
    said[kind] = needed ? { needed, ...told } : { needed };
  }
  return said;
}

/** A number that is none would have the whole answer set aside. */
export function oddPhones(drafts: CareDrafts): CareKind[] {
  return CARE_KINDS.filter((kind) => drafts[kind].needed && drafts[kind].phone.trim() && !looksLikePhone(drafts[kind].phone));
}

/** Nobody is in place while nobody asked who depends on him, or while nobody is named for them. */
export function isCaredFor({ dependants, care: open }: ObservedPerson, care: Care | null): boolean {
  const asked = care?.DEPENDANTS;
  if (asked) return !asked.needed || Boolean(asked.carer);
  if (dependants === 'NO') return true;
  return dependants === 'YES' && !open.some(({ kind, has_carer }) => kind === 'DEPENDANTS' && !has_carer);
}
