/** The arrivals as cards. Everything is set as text: what the server says is never read as HTML. */
import type { Arrival, Roster } from './asking';
import { filled, hours, language, part, say } from './words';

export function showList(roster: Roster): void {
  part('title').textContent = roster.division.name;
  say('count', { n: roster.arrivals.length });
  say('as-of', { at: hours(roster.as_of) });
  part('nobody').hidden = roster.arrivals.length > 0;
  part('arrivals').replaceChildren(...roster.arrivals.map((arrival) => card(arrival, roster.division.name)));
}

function card(arrival: Arrival, grid: string): Node {
  const made = (part('arrival') as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const set = (name: string, text: string): void => {
    made.querySelector<HTMLElement>(`[data-part="${name}"]`)!.textContent = text || '—';
  };
  set('name', arrival.name_masked);
  set('destination', within(grid, arrival.destination_masked));
  set('from', arrival.from);
  set('when', `${hours(arrival.occurred_at)} ${arrival.checkpoint}`);
  set('phone', arrival.phone_masked);
  const age = made.querySelector<HTMLElement>('[data-part="age"]')!;
  age.textContent = arrival.age === null ? '' : filled(age.dataset.words ?? '', { n: arrival.age });
  set('say', arrival.measures.map((measure) => (language() === 'en' ? measure.say.en : measure.say.zh)).join(' '));
  made.querySelector('[data-part="measures"]')!.append(...arrival.measures.flatMap(face));
  return made;
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
