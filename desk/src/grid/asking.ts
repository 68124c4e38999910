/** The two questions a grid worker's phone asks (docs/api.md). */
export interface Measure {
  kind: string;
  say: { zh: string; en: string };
  decided_at: string;
  later: boolean;
}

export interface Arrival {
  id: string;
  occurred_at: string;
  checkpoint: string;
  from: string;
  name_masked: string;
  age: number | null;
  measures: Measure[];
  decided_at: string;
  destination_masked: string;
  phone_masked: string;
}

export interface Roster {
  division: { code: string; name: string };
  as_of: string;
  arrivals: Arrival[];
}

export interface Enrolled {
  token: string;
  division: { code: string; name: string };
  expires_at: string;
}

/** What the server will not do, in its own words. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly zh: string,
    readonly en: string,
  ) {
    super(code);
  }
}

export function enrol(code: string, pin: string): Promise<Enrolled> {
  return post<Enrolled>('/api/v1/roster-enrolments', { code, pin });
}

export function openRoster(token: string, pin: string): Promise<Roster> {
  return post<Roster>('/api/v1/roster', { pin }, token);
}

async function post<Answer>(address: string, body: unknown, token?: string): Promise<Answer> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body), cache: 'no-store' });
  const answer: unknown = await response.json();
  if (response.ok) return answer as Answer;
  const { error } = answer as { error: { code: string; zh: string; en: string } };
  throw new Refused(error.code, error.zh, error.en);
}
