/** What the check-in door answers (docs/openapi.json): places on a slip, days and codes. Nobody is named in it. */
export type Half = 'MORNING' | 'EVENING';
export type Verdict = 'WELL' | 'SYMPTOMATIC' | 'NOT_READ';

export interface Said {
  zh: string;
  en: string;
}

export interface Person {
  place: number;
  day: number;
  days: number;
  last_on: string;
  state: 'OPEN' | 'ENDED' | 'NOT_YET';
  reported: Record<Half, Verdict | null>;
}

export interface Notice {
  title: string;
  body: string;
  title_en: string;
  body_en: string;
  level: string;
}

export interface Page {
  people: Person[];
  day: string;
  half: Half;
  ends_at: string;
  now: string;
  fever: number;
  symptoms: string[];
  notices: Notice[];
  call: string | null;
}

export interface Report {
  id: string;
  place: number;
  celsius: number | null;
  symptoms: string[];
  at: string;
}

export interface Receipt {
  id: string | null;
  status: 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' | 'SET_ASIDE';
  say: Said;
  verdict?: Verdict;
  /** The half-day it counts for, of what was taken now. */
  day?: string;
  half?: Half;
}
