/** The officer's side: from the bytes that were read to what the traveller declared. Needs no network. */
import { fromBinary, unpack, Unreadable } from './codec';
import { expiryOf, type DeclarationContent } from './content';
import { toContent } from './shape';

/** A checkpoint's pair of a day. Both halves: opening mixes the public one in (RFC 9180), and the private one tells nobody. */
export interface OpeningKey {
  checkpoint: string;
  pair: CryptoKeyPair;
}

/** The keys this phone holds for a day, 20200210; of several checkpoints if it served at several. */
export type FindKeys = (id: string) => Promise<readonly OpeningKey[]>;

/**
 * DAMAGED: not what any traveller's page makes. NO_KEY: of a day this phone has no key for.
 * NOT_FOR_US: of a day it knows, but sealed for another checkpoint. EXPIRED: it was good once.
 */
export type OpenFault = 'DAMAGED' | 'NO_KEY' | 'NOT_FOR_US' | 'EXPIRED';

export type Opening = { content: DeclarationContent; fault?: undefined } | { fault: OpenFault };

const DAY_MS = 86_400_000;

/** `now` is the server's time as far as the phone knows it. */
export async function openDeclaration(binary: Uint8Array, findKeys: FindKeys, now: number): Promise<Opening> {
  const opened = await openSealed(binary, findKeys);
  if (opened.fault) return opened;
  const content = toContent(opened.json);
  if (!content || isOfCards(opened.keyId) !== (content.kind === 'CARD')) return { fault: 'DAMAGED' };
  if (isOver(content, opened.keyId, now)) return { fault: 'EXPIRED' };
  return { content: { ...content, checkpoint: opened.checkpoint } };
}

type Opened = { json: unknown; keyId: string; checkpoint: string; fault?: undefined } | { fault: OpenFault };

/** What was sealed to a checkpoint, as whatever JSON it holds. */
export async function openSealed(binary: Uint8Array, findKeys: FindKeys): Promise<Opened> {
  try {
    const { keyId, envelope } = fromBinary(binary);
    const keys = await findKeys(keyId);
    if (!keys.length) return { fault: 'NO_KEY' };
    const opened = await openWithAny(keys, envelope);
    return opened ? { json: unpack(opened.packed), keyId, checkpoint: opened.checkpoint } : { fault: 'NOT_FOR_US' };
  } catch (failure) {
    if (failure instanceof Unreadable) return { fault: 'DAMAGED' };
    throw failure;
  }
}

/** A phone whose clock runs ahead must not make a code that lasts longer: its key's day is the latest beginning. */
function isOver(content: DeclarationContent, keyId: string, now: number): boolean {
  const lasts = expiryOf(content) - Date.parse(content.made_at);
  return now >= Math.min(Date.parse(content.made_at), endOfKeyDay(keyId)) + lasts;
}

/** Cards have keys of their own, which phones hold for a week: a 1 stands before their day. */
function isOfCards(keyId: string): boolean {
  return keyId.length > 'YYYYMMDD'.length;
}

function endOfKeyDay(keyId: string): number {
  const [, year, month, day] = /(\d{4})(\d{2})(\d{2})$/.exec(keyId) ?? [];
  return Date.parse(`${year}-${month}-${day}T00:00:00+08:00`) + DAY_MS;
}

async function openWithAny(keys: readonly OpeningKey[], envelope: Uint8Array<ArrayBuffer>): Promise<{ packed: Uint8Array; checkpoint: string } | null> {
  const { openEnvelope } = await import('./envelope');
  for (const { pair, checkpoint } of keys) {
    const packed = await openEnvelope(pair, checkpoint, envelope);
    if (packed) return { packed, checkpoint };
  }
  return null;
}
