/** The arrivals as cards. Everything is set as text: what the server says is never read as HTML. */
import type { Arrival, Measure, Roster } from './asking';
import { day, filled, hours, language, part, say } from './words';

const DAY_MS = 86_400_000;

export function showList(roster: Roster): void {
  part('title').textContent = roster.division.name;
  say('count', { n: roster.arrivals.length });
  say('as-of', { at: hours(roster.as_of) });
  part('nobody').hidden = roster.arrivals.length > 0;
  part('arrivals').replaceChildren(...roster.arrivals.map((arrival) => card(arrival, roster)));
}

function card(arrival: Arrival, roster: Roster): Node {
  const made = copy('arrival');
  const at = (name: string): HTMLElement => made.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  const set = (name: string, text: string): void => {
    at(name).textContent = text || '—';
  };
  set('name', arrival.name_masked);
  set('destination', within(roster.division.name, arrival.destination_masked));
  set('from', arrival.from);
  set('when', `${hours(arrival.occurred_at)} ${arrival.checkpoint}`);
  set('phone', arrival.phone_masked);
  const age = at('age');
  age.textContent = arrival.age === null ? '' : filled(age.dataset.words ?? '', { n: arrival.age });
  at('new').hidden = !isNew(arrival.decided_at, roster.as_of);
  at('says').replaceChildren(...arrival.measures.map(sentence));
  at('measures').append(...arrival.measures.flatMap(face));
  return made;
}

/** What was said at the barrier; or what nobody has said yet, and since when it is so. */
function sentence(measure: Measure): Node {
  const made = copy(measure.later ? 'to-tell' : 'told');
  const when = made.querySelector<HTMLElement>('[data-part="when"]');
  if (when !== null) when.textContent = filled(when.dataset.words ?? '', { day: day(measure.decided_at) });
  made.querySelector('[data-part="say"]')!.textContent = (language() === 'en' ? measure.say.en : measure.say.zh) || '—';
  return made;
}

function copy(name: string): DocumentFragment {
  return (part(name) as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
}

/** Whoever went through the list yesterday has not seen it yet. */
export function isNew(decidedAt: string, asOf: string): boolean {
  return Date.parse(asOf) - Date.parse(decidedAt) <= DAY_MS;
}

/** Without the grid's own name, which stands above the list already. */
export function within(grid: string, place: string): string {
  return place.startsWith(grid) && place.length > grid.length ? place.slice(grid.length) : place;
}

/** A measure's word, shape and colour, as everywhere. */
function face({ kind }: { kind: string }): Node[] {
  const known = document.querySelector<HTMLTemplateElement>(`template[data-measure="${CSS.escape(kind)}"]`);
  return known ? [known.content.cloneNode(true)] : [document.createTextNode(kind)];
}
