/** What happens with a text that was read: parts are gathered, declarations opened, the form filled. */
import type { Reply } from '../api/client';
import type { SealedDeclaration } from '../api/declared';
import { shanghaiDate } from '../clock/shanghai';
import { fromBase64 } from '../declaration/base64';
import { collect, joined, Unreadable, type Collection } from '../declaration/codec';
import type { DeclarationContent } from '../declaration/content';
import { openDeclaration, type OpenFault } from '../declaration/open';
import { classify } from './kinds';
import type { ReceivePorts } from './ports';

export type Refusal = OpenFault | 'UNKNOWN' | 'NO_SUCH_CODE' | 'WAIT' | 'NOT_ALLOWED' | 'UNREACHABLE';

export type Outcome =
  /** Some of the codes of one declaration; more are to come. */
  | { kind: 'PART'; have: number; of: number }
  /** `elsewhere` is the checkpoint it was made for, where that is another than this phone's. */
  | { kind: 'FILLED'; people: number; elsewhere: string | null }
  | { kind: 'PERSON' }
  | { kind: 'PLATE' }
  /** Used on this phone before, or for the vehicle in the form; may be used again. */
  | { kind: 'USED'; where: 'CAR' | 'PHONE'; minutes: number; goOn: () => Promise<Outcome> }
  | { kind: 'ENROLMENT' | 'ROSTER'; code: string }
  | { kind: 'REFUSED'; why: Refusal };

/** A commuter shows the same card twice a day, which is as it should be. */
const CARD_REST_MS = 30 * 60_000;
/** A gun types a code into the pad, which fetches it, and then says it once more itself. */
const SAME_CODE_MS = 3_000;

export class Receiver {
  private begun: Collection | null = null;
  private asked: { code: string; at: number; answer: Promise<Outcome> } | null = null;

  constructor(private readonly ports: ReceivePorts) {}

  async receive(text: string): Promise<Outcome> {
    const { form } = this.ports;
    const reading = classify(text, shanghaiDate(this.ports.serverNow()));
    switch (reading.kind) {
      case 'DECLARATION':
        return this.gather(reading.text);
      case 'SHORT_CODE':
        return this.receiveShortCode(reading.code);
      case 'PERSON':
        form.fillPerson(reading.person);
        return { kind: 'PERSON' };
      case 'PLATE':
        form.fillPlate(reading.plate);
        return { kind: 'PLATE' };
      case 'UNKNOWN':
        return refused('UNKNOWN');
      default:
        return reading;
    }
  }

  receiveShortCode(code: string): Promise<Outcome> {
    const at = this.ports.now();
    if (this.asked?.code !== code || at - this.asked.at > SAME_CODE_MS) this.asked = { code, at, answer: this.fetch(code) };
    return this.asked.answer;
  }

  private async fetch(code: string): Promise<Outcome> {
    const reply = await this.ports.fetchDeclaration(code);
    if (reply.kind !== 'OK') return refused(whyRefused(reply));
    const binary = bytesOf(reply.body.sealed);
    return binary ? this.open(binary) : refused('DAMAGED');
  }

  /** The next car's codes must not be added to what the last one began. */
  forgetParts(): void {
    this.begun = null;
  }

  private async gather(text: string): Promise<Outcome> {
    const step = collect(this.begun, text);
    // Another declaration than the one begun: the officer has gone on to the next phone.
    const { scanned, collection } = step.scanned === 'FOREIGN' ? collect(null, text) : step;
    if (!collection || scanned === 'NOT_OURS') return refused('DAMAGED');
    if (scanned === 'PART' || scanned === 'AGAIN') return this.keepParts(collection);
    this.forgetParts();
    try {
      return await this.open(await joined(collection));
    } catch (failure) {
      if (failure instanceof Unreadable) return refused('DAMAGED');
      throw failure;
    }
  }

  private keepParts(collection: Collection): Outcome {
    this.begun = collection;
    return { kind: 'PART', have: collection.pieces.filter((piece) => piece !== null).length, of: collection.pieces.length };
  }

  private async open(binary: Uint8Array): Promise<Outcome> {
    const opening = await openDeclaration(binary, this.ports.findKeys, this.ports.serverNow());
    if (opening.fault) return refused(opening.fault);
    const { content } = opening;
    const isInCar = this.ports.form.holds(content.id);
    const age = await this.ageOfUse(content);
    if (!isInCar && age === null) return this.fill(content);
    const minutes = Math.round((age ?? 0) / 60_000);
    return { kind: 'USED', where: isInCar ? 'CAR' : 'PHONE', minutes, goOn: () => this.fill(content) };
  }

  /** How long ago it was used here; null when never, or when a card has rested. */
  private async ageOfUse({ id, kind }: DeclarationContent): Promise<number | null> {
    const usedAt = await this.ports.usedAt(id);
    if (usedAt === null) return null;
    const age = Math.max(0, this.ports.now() - usedAt);
    return kind === 'CARD' && age >= CARD_REST_MS ? null : age;
  }

  private async fill(content: DeclarationContent): Promise<Outcome> {
    this.ports.form.fillFromDeclaration(content, this.ports.serverNow());
    await this.ports.noteUsed(content.id, this.ports.now());
    const isHere = content.checkpoint === this.ports.checkpoint();
    return { kind: 'FILLED', people: content.people.length, elsewhere: isHere ? null : content.checkpoint };
  }
}

/** Null when it is no base64, whoever answered. */
export function bytesOf(sealed: string): Uint8Array | null {
  try {
    return typeof sealed === 'string' ? fromBase64(sealed) : null;
  } catch {
    return null;
  }
}

function refused(why: Refusal): Outcome {
  return { kind: 'REFUSED', why };
}

export function whyRefused(reply: Exclude<Reply<SealedDeclaration>, { kind: 'OK' }>): Refusal {
  if (reply.kind === 'UNREACHABLE' || reply.status >= 500) return 'UNREACHABLE';
  if (reply.status === 429) return 'WAIT';
  return reply.status === 401 || reply.status === 403 ? 'NOT_ALLOWED' : 'NO_SUCH_CODE';
}
