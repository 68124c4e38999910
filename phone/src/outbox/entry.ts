import type { ParcelItem, Receipt, WireItem } from '../api/contract';
import type { Told } from '../measures/told';
import type { Row } from './rows';

/**
 * UNSENT waits for the server. HELD was captured by a device that headquarters has closed since: it leaves by export only.
 * SET_ASIDE came back unreadable: it is mended, if its clear copy is still there, and sent again under the same id.
 * CONFLICT and ACKNOWLEDGED are settled: the server has the record, and for a conflict the desk decides which content holds.
 */
export type OutboxState = 'UNSENT' | 'HELD' | 'SET_ASIDE' | 'CONFLICT' | 'ACKNOWLEDGED';

export interface OutboxEntry extends Row {
  /** The record's own id, a passage's or a correction's: what its receipt must carry. */
  id: string;
  kind: ParcelItem['kind'];
  state: OutboxState;
  peopleCount: number;
  /** The device this phone was when the record was made; null when it was none. */
  deviceId: string | null;
  /** Sealed; in the clear only until this phone has a key to seal with; null once the server has it. */
  item: WireItem | null;
  /** There, and indexed, only while the item still waits to be sealed. */
  clear?: 1;
  /** The server's last word on this record: measures and flags, no names. Null after a day. */
  receipt: Receipt | null;
  /** What each person was told before the server answered; missing: nothing. It goes with the receipt. */
  told?: Told;
  /** There, and indexed, while the server decided otherwise than was told and no officer has seen to it. */
  disagrees?: 1;
  /** Indexed while there is a receipt to drop. */
  dropReceiptAt?: number;
  /** When the officer saw the measures in the receipt; null until then. */
  shownAt: number | null;
  /** The moment of capture, indexed while the receipt asks for an act that nobody was shown. */
  unseenAct?: number;
}
