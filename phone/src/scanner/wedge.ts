/**
 * A scanner gun or card reader that acts as a keyboard, told from fingers by its pace. Pure: keys with their times in, texts out.
 *
 * Eight characters at 35 ms or less between keys are a machine's: no typist comes near, and a key held down says that it repeats.
 * A pause of 80 ms ends a run of keys; Enter and Tab end the lines of a machine's. Before them it may stumble, as Bluetooth does:
 * by then it is known to be a machine's, so a longer pause swallows nobody's typing. Six or seven characters count only with an Enter at that pace,
 * and only where they are a short code or a plate.
 */

export interface Key {
  /** As KeyboardEvent.key says it. */
  key: string;
  /** Milliseconds, of the event itself: a busy phone handles keys late. */
  at: number;
  /** Held down, or pressed together with Ctrl, Alt or Meta. */
  isShortcut?: boolean;
}

/** What becomes of a key: LEAVE it to the page; BEGIN: it shows that the text is a machine's, take back what was let through; TAKE it. */
export type Verdict = 'LEAVE' | 'BEGIN' | 'TAKE';

export const PAUSE_MS = 80;
const STUMBLE_MS = 400;
const PACE_MS = 35;
const SURE_LENGTH = 8;
const SHORT_LENGTH = 6;
/** Three keys at this pace and a Tab between them: a reader that separates by Tab, caught before the focus moves. */
const TAB_PACE_MS = 15;
const TAB_LENGTH = 2;

const ENDS: Record<string, string> = { Enter: '\n', Tab: '\t' };

export class Wedge {
  private text = '';
  private first = 0;
  private last = 0;
  private begun = false;

  constructor(private readonly isShortText: (text: string) => boolean) {}

  /** Whether a key at this moment begins anew. Then ask `pause` first for what a busy phone has not been asked for yet. */
  startsAnew(at: number): boolean {
    return !this.text || at - this.last > this.patience();
  }

  /** How long it stays quiet before its text is whole. */
  patience(): number {
    return this.begun && !/[\n\t]$/.test(this.text) ? STUMBLE_MS : PAUSE_MS;
  }

  press({ key, at, isShortcut }: Key): Verdict {
    if (key === 'Shift' || key === 'CapsLock') return this.begun ? 'TAKE' : 'LEAVE';
    const typed = ENDS[key] ?? ([...key].length === 1 ? key : '');
    if (!typed || isShortcut) return this.begun ? 'TAKE' : this.forget();
    if (this.startsAnew(at)) this.begin(at);
    this.text += typed;
    this.last = at;
    if (this.begun) return 'TAKE';
    return typed === key ? this.judge() : this.judgeEnd(this.text.slice(0, -1));
  }

  /** The text of a machine once it has paused, else null; what fingers typed is forgotten. */
  pause(): string | null {
    const text = this.begun ? this.text : null;
    this.forget();
    return text;
  }

  private judge(): Verdict {
    return this.text.length >= SURE_LENGTH && this.pace() <= PACE_MS ? this.take() : 'LEAVE';
  }

  private judgeEnd(before: string): Verdict {
    if (before.length >= SHORT_LENGTH && this.pace() <= PACE_MS && this.isShortText(before)) return this.take();
    if (before.length >= TAB_LENGTH && this.text.endsWith('\t') && this.pace() <= TAB_PACE_MS) return this.take();
    return this.forget();
  }

  private pace(): number {
    return (this.last - this.first) / (this.text.length - 1);
  }

  private begin(at: number): void {
    this.forget();
    this.first = at;
  }

  private take(): Verdict {
    this.begun = true;
    return 'BEGIN';
  }

  private forget(): Verdict {
    this.text = '';
    this.begun = false;
    return 'LEAVE';
  }
}
