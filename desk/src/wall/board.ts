/** The board as GET /api/v1/board answers it, and as the stream's `board` event brings its totals. */
export interface Figures {
  passages: number;
  vehicles: number;
  people: number;
}

export interface CheckpointRow extends Figures {
  code: string;
  name: string;
  tier: string | null;
  today: Figures;
  last_record_at?: string | null;
  open_now?: boolean;
}

export interface OriginRow {
  code: string | null;
  name: string | null;
  people: number;
  today: number;
}

export interface Board {
  as_of: string;
  watermark: string | null;
  final: boolean;
  totals: Figures;
  today: Figures & { day: string };
  by_checkpoint: CheckpointRow[];
  by_origin: OriginRow[];
  by_measure: { kind: string; people: number; today: number }[];
  by_hour: (Figures & { hour: number })[];
  by_day: (Figures & { day: string })[];
}

export interface News {
  version: number;
  watermark: string | null;
  totals: Figures;
  today: Figures & { day: string };
}
