/** What officers were shown before the server answered: kept with the record, so that also after a restart its answer is compared with it. Pure. */
import type { PersonReceipt, Receipt, WireMeasure } from '../api/contract';

export type ToldMeasure = Omit<WireMeasure, 'say'>;
/** By person, for one record; nobody is in it who was told nothing. */
export type Told = Record<string, ToldMeasure[]>;

/** Undefined while the phone has nothing to decide by: then nobody was told anything. */
export function toldBy(decisions: ReadonlyMap<string, { measures: WireMeasure[] }>): Told | undefined {
  if (!decisions.size) return undefined;
  return Object.fromEntries([...decisions].map(([id, { measures }]) => [id, measures.map(withoutSentence)]));
}

/** What the server decided, as what is told from now on. */
export function toldFrom({ people }: Receipt): Told {
  return Object.fromEntries(people.map(({ id, measures }) => [id, measures.map(withoutSentence)]));
}

function withoutSentence({ say: _, ...measure }: WireMeasure): ToldMeasure {
  return measure;
}

/** Whether both ask for the same acts, in whatever order and whatever their rows are called. */
export function saysTheSame(one: ToldMeasure[], other: ToldMeasure[]): boolean {
  return actsOf(one) === actsOf(other);
}

function actsOf(measures: ToldMeasure[]): string {
  return measures
    .map(({ kind, place, days }) => `${kind} ${place ?? ''} ${days ?? ''}`)
    .sort()
    .join();
}

/** Whether everybody in this receipt has already been told exactly this. */
export function wasTold(receipt: Receipt, told: Told | undefined): boolean {
  return told !== undefined && receipt.people.every((person) => saysTheSame(told[person.id] ?? [], person.measures));
}

/** Of whom the server decided otherwise than he was told. Whoever was told nothing, or could not be read, is not among them. */
export function disagreeing(receipt: Receipt, told: Told | undefined): PersonReceipt[] {
  return receipt.people.filter(({ id, status, measures }) => {
    const before = told?.[id];
    return before !== undefined && status !== 'SET_ASIDE' && !saysTheSame(before, measures);
  });
}
