/** The sealed declaration: the codes to show, until when, and the short code once the server keeps it. */
import { computed, reactive } from 'vue';
import { call } from '../api/client';
import { mintId } from '../identity/uuid7';
import type { Bilingual } from '../api/contract';
import { toBase64 } from '../declaration/base64';
import { encode } from '../declaration/codec';
import { expiryOf, type DeclarationContent, type DeclarationKind } from '../declaration/content';
import { sealed } from '../declaration/seal';
import { toContent } from './declaration';
import { draft } from './draft';
import { facts, now, refreshFacts } from './facts';
import { keep, kept } from './memory';

/** What is posted, and what it was made from: as long as that stands, the same codes are shown. */
interface Made {
  madeFrom: string;
  body: { id: string; checkpoint: string; kind: DeclarationKind; people: number; sealed: string; roster?: string; seat?: string; replaces?: string };
  texts: string[];
  expiresAt: number;
  shortCode: string;
  /** Why the server did not keep it. */
  refused: Bilingual | null;
}

const KEY_PATIENCE_MS = 4_000;

export const result = reactive<{ made: Made | null; posting: boolean }>({ made: null, posting: false });
export const isOver = computed(() => result.made !== null && result.made.expiresAt <= now());

/** Codes of what the form says now: those shown before if nothing changed, else new ones that replace them. */
export async function makeCodes(): Promise<void> {
  result.made ??= kept<Made>('made');
  const madeFrom = JSON.stringify(draft);
  if (result.made?.madeFrom === madeFrom && !isOver.value) return;
  await refreshFacts(KEY_PATIENCE_MS);
  const known = facts.value;
  if (!known) return;
  const content = toContent(draft, known.checkpoint.code, mintId(now()), now());
  const binary = await sealed(content, content.kind === 'CARD' ? known.card_key : known.key);
  result.made = {
    madeFrom,
    body: { ...described(content), sealed: toBase64(binary), replaces: result.made?.body.id },
    texts: await encode(binary),
    expiresAt: expiryOf(content),
    shortCode: '',
    refused: null,
  };
  keep('made', result.made);
}

function described({ id, checkpoint, kind, people, roster, seat }: DeclarationContent) {
  return { id, checkpoint, kind, people: people.length, roster, seat };
}

/** To the server, which cannot open it; without network the codes do. Again: the same short code. */
export async function post(): Promise<void> {
  const made = result.made;
  if (!made || made.shortCode || result.posting) return;
  result.posting = true;
  const reply = await call<{ short_code: string; expires_at: string }>('/api/v1/declarations', { method: 'POST', body: made.body, unpacked: true });
  result.posting = false;
  if (reply.kind === 'OK') Object.assign(made, { shortCode: reply.body.short_code, refused: null });
  else if (reply.kind === 'REFUSED') made.refused = reply.error;
  keep('made', made);
}

/** A coach that is full or gone does not keep its passenger from a short code of their own. */
export async function postWithoutRoster(): Promise<void> {
  const made = result.made;
  if (!made?.body.roster || !made.refused) return;
  const said = made.refused;
  made.body = { ...made.body, roster: undefined, seat: undefined };
  await post();
  made.refused ??= said;
}

export function forgetCodes(): void {
  result.made = null;
}
