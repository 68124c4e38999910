/** When an outbox is emptied, whichever page it belongs to: when something came in, on return of the network or the screen, and by itself after each pause. */
import { isOver, type Pause } from './backoff';
import type { Step } from './courier';
import type { Link } from './link';

const OWN_FAILURE_PAUSE_MS = 30_000;

type Refused = Extract<Step, { token: string }>;

export interface EmptyingPorts {
  /** The name of the lock that lets one tab at a time send. */
  lock: string;
  link: Link;
  step: () => Promise<Step>;
  /** The token the next batch would travel under. */
  token: () => Promise<string | null>;
  onRefused: (step: Refused) => Promise<void>;
  /** After each run: forget what may be forgotten. */
  tidy: (now: number) => Promise<void>;
  forgetPauses: () => Promise<void>;
  /** What follows when everything that could be sent has been. */
  onDrained: () => void;
}

export class Emptying {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private asked = false;
  /** What the server asked for itself (429, 503); until it is over nothing is sent, whatever happens on this phone. */
  private askedPause: Pause = { from: 0, until: 0 };
  /** The token the server refused; any other opens the gate, wherever on this phone it was obtained. */
  private refusedToken: string | null = null;

  constructor(private readonly ports: EmptyingPorts) {}

  /** Empty the outbox now if the server allows it. Safe to call at any time and from several tabs. */
  async dispatch(): Promise<void> {
    this.asked = true;
    if (!(await this.gateIsOpen()) || this.running) return;
    if (!isOver(this.askedPause, Date.now())) return this.wakeAt(this.askedPause.until);
    this.running = true;
    this.ports.link.sending = true;
    try {
      // Whoever asked while the last record was settled is not forgotten.
      do await this.drain();
      while (this.asked);
    } finally {
      this.running = false;
      this.ports.link.sending = false;
    }
  }

  /** A person asks: postponed records too. */
  async sendNow(): Promise<void> {
    await this.ports.forgetPauses();
    await this.dispatch();
  }

  /** After a new enrolment the gate opens again. */
  async reopen(): Promise<void> {
    this.ports.link.gate = 'OPEN';
    this.askedPause = { from: 0, until: 0 };
    await this.sendNow();
  }

  onEvents(): void {
    addEventListener('online', () => void this.dispatch());
    addEventListener('offline', () => (this.ports.link.reached = false));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.dispatch();
    });
    void this.dispatch();
  }

  private async gateIsOpen(): Promise<boolean> {
    const { link, token } = this.ports;
    if (link.gate !== 'OPEN' && (await token()) !== this.refusedToken) link.gate = 'OPEN';
    return link.gate === 'OPEN';
  }

  private async drain(): Promise<void> {
    clearTimeout(this.timer);
    this.ports.link.nextTryAt = null;
    let sent = false;
    while (this.asked) {
      this.asked = false;
      const step = await this.withOneSender(() => this.unfailing());
      sent ||= step.kind === 'SENT';
      if (step.kind === 'ENROL_AGAIN' || step.kind === 'REVOKED') await this.noteRefused(step);
      if (this.follow(step)) this.asked = true;
      else if (step.kind !== 'EMPTY') this.asked = false;
    }
    await this.ports.tidy(Date.now());
    if (sent) this.ports.onDrained();
  }

  /** A step that fails on this phone itself (storage full, a database closing) is tried again like any other. */
  private async unfailing(): Promise<Step> {
    try {
      return await this.ports.step();
    } catch {
      return { kind: 'RETRY', waitMs: OWN_FAILURE_PAUSE_MS, reached: this.ports.link.reached, binding: false, error: null };
    }
  }

  /** The gate stays shut for this token. */
  private async noteRefused(step: Refused): Promise<void> {
    this.refusedToken = step.token;
    await this.ports.onRefused(step);
  }

  /** Note what a step came to; true when the next may follow at once. */
  private follow(step: Step): boolean {
    if (step.kind === 'SENT') {
      Object.assign(this.ports.link, { reached: true, lastError: null });
      return true;
    }
    if (step.kind === 'EMPTY') {
      if (step.waitMs !== null) this.wakeAt(Date.now() + step.waitMs);
      return false;
    }
    if (step.kind === 'RETRY') return this.followRetry(step);
    if ('token' in step) Object.assign(this.ports.link, { reached: true, gate: step.kind });
    return false;
  }

  private followRetry(step: Extract<Step, { kind: 'RETRY' }>): boolean {
    Object.assign(this.ports.link, { reached: step.reached, lastError: step.error });
    if (step.waitMs === 0) return true;
    const from = Date.now();
    if (step.binding) this.askedPause = { from, until: from + step.waitMs };
    this.wakeAt(from + step.waitMs);
    return false;
  }

  private wakeAt(at: number): void {
    clearTimeout(this.timer);
    this.ports.link.nextTryAt = at;
    this.timer = setTimeout(() => void this.dispatch(), Math.max(0, at - Date.now()));
  }

  /** One sender across all tabs; browsers without locks rely on the server taking the same record twice as one. */
  private async withOneSender(act: () => Promise<Step>): Promise<Step> {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    return locks ? await locks.request(this.ports.lock, act) : await act();
  }
}
