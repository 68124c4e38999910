/** How the form calls somebody: by name once there is one, else by their place in it. */
import { draft, type TravellerDraft } from './draft';

type Words = (key: 'people.me' | 'people.nth', values?: Record<string, unknown>) => string;

export function titleOf(person: TravellerDraft, t: Words): string {
  const place = draft.people.findIndex((other) => other.id === person.id);
  return person.name.trim() || (place === 0 ? t('people.me') : t('people.nth', { n: place + 1 }));
}
