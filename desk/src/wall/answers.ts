/** What GET /api/v1/wall/<tile> answers, tile by tile. */
export interface Figures {
  passages: number;
  vehicles: number;
  people: number;
}

export interface CheckpointRow {
  code: string;
  name: string;
  today: Figures;
  last_record_at?: string | null;
  open_now?: boolean;
}

export interface CheckpointOnMap extends CheckpointRow {
  at: [number, number];
}

export interface HourRow extends Figures {
  hour: number;
}

export interface DayRow extends Figures {
  day: string;
}

export interface Flow {
  code: string;
  name: string | null;
  people: number;
  today: number;
  is_affected: boolean;
}

export interface Holder {
  program: string;
  role: string;
  database: string;
}

export interface OnDuty {
  name: string;
  role: string;
  state: string;
  begins_at: string;
  ends_at: string;
}

/** `few`: one to four, which the wall does not tell. */
export interface DefenceFigure {
  figure: string;
  n: number | null;
  few: boolean;
}

export interface GroupOnDuty {
  code: string;
  zh: string;
  en: string;
  now: OnDuty[];
  next: OnDuty[];
}

export interface Tiles {
  figures: {
    totals: Figures;
    today: DayRow;
    by_now: { hour: number; today: Figures; yesterday: Figures } | null;
  };
  checkpoints: { checkpoints: CheckpointRow[] };
  hours: { hour: number; today: HourRow[]; yesterday: HourRow[] };
  days: { today: string; days: DayRow[] };
  map: { city: { code: string; name: string | null } | null; checkpoints: CheckpointOnMap[]; flows: Flow[] };
  origins: {
    people: number;
    unknown: number;
    provinces: { code: string; name: string | null; people: number; today: number }[];
    counties: { code: string; name: string | null; province: string | null; people: number }[];
  };
  measures: { arrived: number; measures: { kind: string; people: number; today: number }[] };
  purposes: { purposes: (Figures & { purpose: string | null })[] };
  transports: { transports: (Figures & { transport: string | null })[] };
  destinations: {
    level: 'COUNTY' | 'TOWNSHIP';
    people: number;
    inside: number;
    unknown: number;
    places: { code: string; name: string | null; people: number }[];
  };
  funnel: { steps: { step: string; people: number | null; few: boolean }[] };
  duty: { headquarters: string | null; due: number; there: number; groups: GroupOnDuty[] };
  defence: { lines: { line: string; figures: DefenceFigure[] }[] };
  check_ins: {
    day: string; half: string; observed: Counted; called_for: Counted; checked_in: Counted; symptomatic: Counted;
    released_today: Counted; due_tomorrow: Counted;
  };
  watermark: { age: number | null; is_late: boolean; held_by: Holder | null };
}

/** `n` null: nobody counts, or so few that nothing more is told. */
export interface Counted {
  n: number | null;
  few: boolean;
}

export type TileName = keyof Tiles;

export interface Answer<N extends TileName = TileName> {
  tile: N;
  as_of: string;
  watermark: string | null;
  version: number;
  data: Tiles[N];
}

/** What the stream's `board` event says: enough to know whether to ask. */
export interface News {
  version: number;
  watermark: string | null;
}

export function hasReported({ passages, people }: Figures): boolean {
  return passages + people > 0;
}
